"""The scorer takes a shorter way to the same scores."""

import numpy as np
import pytest

from huying.triage.core import scorer as scoring
from huying.triage.core.features import fold_all
from huying.triage.core.scorer import KEYWORD_WEIGHT, Scorer

from .little_catalogue import little_catalogue

TEXTS = ("楼下垃圾桶好几天没人清了，臭得要命", "路灯坏了，晚上很黑", "", "abc 123", "路灯路灯路灯垃圾")


@pytest.fixture(params=[0, 3, 10_000], ids=["all common", "some common", "all rare"])
def scorer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scorer:
    monkeypatch.setattr(scoring, "_COMMON", request.param)
    ordered = little_catalogue()
    made = Scorer(ordered)
    made.fit(ordered)
    return made


def test_scores_are_likeness_times_weights_and_keywords(scorer: Scorer) -> None:
    scored = scorer.score(fold_all(TEXTS, 600))
    plain = scored.likeness @ scorer.weights + KEYWORD_WEIGHT * scored.strengths
    assert np.abs(scored.scores - plain).max() < 1e-9


def test_a_text_scores_the_same_alone_and_among_others(scorer: Scorer) -> None:
    together = scorer.score(fold_all(TEXTS, 600)).scores
    for row, text in enumerate(TEXTS):
        assert np.array_equal(scorer.score(fold_all([text], 600)).scores[0], together[row])
