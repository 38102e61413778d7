"""What a message leaves open: place, time, wish and picture, each told only where it is truly missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.triage.core.hints import PHOTO, SINCE_WHEN, WANTED, WHERE, missing


@pytest.mark.parametrize(
    ("text", "left_open"),
    [
        ("路灯不亮", (WHERE, SINCE_WHEN, WANTED, PHOTO)),
        ("春风路的路灯三天不亮了，请修好", (PHOTO,)),
        ("太吵了", (WHERE, SINCE_WHEN, WANTED)),
        ("听澜花园楼下每晚唱歌到凌晨，希望管一管", ()),
        ("请问新生儿医保怎么办理", ()),
        ("小学门口垃圾堆了一周", (WANTED, PHOTO)),
        ("老板拖欠工资，求帮忙", (WHERE, SINCE_WHEN)),
        ("", ()),
    ],
)
def test_what_is_left_open_is_told(text: str, left_open: tuple[str, ...]) -> None:
    assert missing(text, knows_place=False, knows_time=False, has_photo=False) == left_open


def test_what_was_given_beside_the_words_is_not_asked_for() -> None:
    assert missing("路灯不亮", knows_place=True, knows_time=True, has_photo=True) == (WANTED,)


@given(st.text(max_size=200), st.booleans(), st.booleans(), st.booleans())
def test_more_that_is_known_never_brings_more_hints(text: str, place: bool, time: bool, photo: bool) -> None:  # noqa: FBT001 - hypothesis gives them by place
    fewer = missing(text, knows_place=place, knows_time=time, has_photo=photo)
    assert set(fewer) <= set(missing(text, knows_place=False, knows_time=False, has_photo=False))
