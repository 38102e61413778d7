"""What people say: sentences that speak for all, nothing personal, nothing of what is gone."""

from __future__ import annotations

import pytest

from huying.cases.tests.stories import AT
from huying.insight.core.hotspots_quotes import telling_sentences
from huying.insight.models import HotMark
from huying.insight.quoting import quotes
from huying.insight.tests.hotstories import DAY, OTHER, PIT, follow, pit, the_spot, told
from huying.journeys.withdrawing import take_back
from huying.testing.cast import resident


def test_sentences_that_speak_for_all_come_first_and_nothing_is_said_twice() -> None:
    texts = [*PIT, PIT[0], "您好。" + OTHER[0]]
    said = telling_sentences(texts, 3)
    assert len(said) == 3
    assert len({quote.text for quote in said}) == 3
    assert all("化粪池" in quote.sentence for quote in said)
    assert all(quote.sentence in texts[quote.text] for quote in said)
    assert telling_sentences([], 3) == telling_sentences(["短"], 3) == []


def test_a_quote_begins_with_a_word_also_where_a_name_was_taken_out_before_it() -> None:
    said = telling_sentences(["：化粪池堵了三天没人清掏。", "，：化粪池堵了三天臭味很大。"], 2)
    assert said
    assert all(quote.sentence.startswith("化粪池") for quote in said)


def test_english_sentences_are_chosen_too() -> None:
    texts = [
        "Rubbish dumped behind the shops again. Please help!",
        "More rubbish dumped behind shops.",
        "Hi.",
    ]
    assert [quote.text for quote in telling_sentences(texts, 1)] == [1]


@pytest.mark.django_db
def test_words_and_quotes_of_a_matter_hold_nothing_personal_and_go_with_their_appeals() -> None:
    appeals = pit(4, name="王淑芬")
    loud = told(
        "王淑芬反映：听澜花园2栋化粪池臭味很大，电话13912345678，没人清掏", who=9, name="王淑芬"
    ).appeal_id
    spot = the_spot()
    assert "臭味" in spot.words
    assert all(word not in spot.place and word != "王淑芬" for word in spot.words)
    said = quotes([*appeals, loud])
    assert said
    assert not any("王淑芬" in one.words or "13912345678" in one.words for one in said)
    for appeal in (*appeals[1:], loud):
        take_back(appeal, reason="已解决", by=resident(), at=AT + DAY)
    follow()
    assert {one.appeal for one in quotes([*appeals, loud])} <= {appeals[0]}
    assert HotMark.objects.count() == 1
