"""Codes of regions and cells: well formed, refused with a reason, and given out only once."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.kit.errors import Refusal
from huying.places.core.codes import (
    CodeKind,
    GridCode,
    RegionLevel,
    check,
    check_within,
    next_code,
    number_cells,
    outer_codes,
    problem,
    region_level,
)
from huying.places.core.coordinates import Point

COMMUNITY = "440310001002"

sequences = st.integers(min_value=1, max_value=999)
parts = st.integers(min_value=1, max_value=999).map(lambda number: f"{number:03d}")
grid_codes = st.builds(
    GridCode,
    region=st.sampled_from(["440310", "110101", "441900"]),
    street=parts,
    community=parts,
    sequence=parts,
)
points = st.builds(
    Point, st.floats(min_value=22.6, max_value=22.8), st.floats(min_value=114.2, max_value=114.5)
)


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("440310", CodeKind.REGION, None),
        ("４４０３１０", CodeKind.REGION, None),
        (" 440310 001 002 ", CodeKind.COMMUNITY, None),
        ("440310001002003", CodeKind.GRID, None),
        ("441900003001001", CodeKind.GRID, None),
        ("810000001001001", CodeKind.GRID, None),
        ("", CodeKind.REGION, "code_not_digits"),
        ("44031x", CodeKind.REGION, "code_not_digits"),
        ("四四〇三一〇", CodeKind.REGION, "code_not_digits"),
        ("-40310", CodeKind.REGION, "code_not_digits"),
        ("٤٤٠٣١٠", CodeKind.REGION, "code_not_digits"),
        ("44031", CodeKind.REGION, "code_length"),
        ("44031000100200", CodeKind.GRID, "code_length"),
        ("990101", CodeKind.REGION, "code_unknown_province"),
        ("440010", CodeKind.REGION, "code_gap"),
        ("440000001", CodeKind.STREET, "code_not_a_county"),
        ("440310000", CodeKind.STREET, "code_no_street"),
        ("440310001000", CodeKind.COMMUNITY, "code_no_community"),
        ("440310000001", CodeKind.COMMUNITY, "code_no_street"),
        ("440310001002000", CodeKind.GRID, "code_no_sequence"),
    ],
)
def test_a_code_is_accepted_or_refused_with_its_reason(text: str, kind: CodeKind, reason: str | None) -> None:
    assert problem(text, kind) == reason


def test_a_refusal_tells_the_length_it_expected() -> None:
    with pytest.raises(Refusal) as refused:
        check("44031", CodeKind.REGION)
    with translation.override("en"):
        assert "6 digits, this one has 5" in refused.value.sentence


@pytest.mark.parametrize(
    ("code", "level"),
    [("440000", RegionLevel.PROVINCE), ("440300", RegionLevel.CITY), ("440310", RegionLevel.COUNTY)],
)
def test_zeroes_tell_province_city_and_county_apart(code: str, level: RegionLevel) -> None:
    assert region_level(code) is level


def test_a_code_names_everything_it_lies_in() -> None:
    assert outer_codes("440310001002003") == ["440000", "440300", "440310", "440310001", "440310001002"]
    assert outer_codes("440300") == ["440000"]
    assert outer_codes("440000") == []


def test_a_cell_is_accepted_within_its_community_and_refused_within_another() -> None:
    assert check_within("440310001002003", COMMUNITY) == "440310001002003"
    assert check_within("440310001002003", "440300") == "440310001002003"
    with pytest.raises(Refusal) as refused:
        check_within("440310001002003", "440310001003")
    assert refused.value.reason.key == "code_not_within"


def test_a_code_of_no_known_length_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        outer_codes("4403101")
    assert refused.value.reason.key == "code_length"


@settings(deadline=None)
@given(grid_codes)
def test_a_grid_code_survives_being_written_and_read(code: GridCode) -> None:
    assert GridCode.parse(str(code)) == code
    assert code.community_code.startswith(code.street_code)
    assert problem(code.community_code, CodeKind.COMMUNITY) is None
    assert problem(code.street_code, CodeKind.STREET) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_gets_an_answer_and_never_an_error(text: str) -> None:
    for kind in CodeKind:
        problem(text, kind)


@settings(deadline=None)
@given(st.sets(sequences))
def test_the_next_code_is_valid_new_and_in_its_community(used: set[int]) -> None:
    taken = [f"{COMMUNITY}{number:03d}" for number in used]
    if len(used) == 999:
        return
    code = next_code(COMMUNITY, taken)
    assert problem(str(code), CodeKind.GRID) is None
    assert str(code) not in taken
    assert code.community_code == COMMUNITY
    if max(used, default=0) < 999:
        assert int(code.sequence) == max(used, default=0) + 1


def test_a_closed_cell_keeps_its_code_while_numbers_last() -> None:
    # Cell 002 was merged away; its code still names old cases.
    assert next_code(COMMUNITY, [COMMUNITY + "001", COMMUNITY + "003"]).sequence == "004"
    assert next_code(COMMUNITY, [COMMUNITY + "001", COMMUNITY + "999"]).sequence == "002"


def test_codes_of_other_communities_and_broken_ones_do_not_count() -> None:
    assert next_code(COMMUNITY, ["440310001003007", "nonsense", COMMUNITY + "000"]).sequence == "001"


def test_a_full_community_is_refused() -> None:
    taken = [f"{COMMUNITY}{number:03d}" for number in range(1, 1000)]
    with pytest.raises(Refusal) as refused:
        next_code(COMMUNITY, taken)
    assert refused.value.reason.key == "community_full"


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=4), points, max_size=60), st.sets(sequences, max_size=30))
def test_every_cell_gets_its_own_valid_code(cells: dict[str, Point], used: set[int]) -> None:
    taken = {f"{COMMUNITY}{number:03d}" for number in used}
    numbered = number_cells(COMMUNITY, cells, taken)
    codes = [str(code) for code in numbered.values()]
    assert set(numbered) == set(cells)
    assert len(set(codes)) == len(cells)
    assert not set(codes) & taken
    assert all(problem(code, CodeKind.GRID) is None for code in codes)


@settings(deadline=None)
@given(
    st.permutations([f"{row}-{column}" for row in range(4) for column in range(5)]), st.integers(0, 10_000)
)
def test_a_staggered_lattice_is_numbered_like_lines_of_text(order: list[str], seed: int) -> None:
    def middle(key: str) -> Point:
        row, column = (int(part) for part in key.split("-"))
        stagger = ((seed * 31 + row * 7 + column * 13) % 11 - 5) / 5  # -1 … 1
        return Point(22.7 - row * 0.002 + stagger * 0.0003, 114.3 + column * 0.002 - stagger * 0.0003)

    numbered = number_cells(COMMUNITY, {key: middle(key) for key in order})
    assert sorted(numbered, key=lambda key: numbered[key].sequence) == sorted(order)


def test_cells_in_one_line_are_numbered_along_it() -> None:
    column = {key: Point(22.7 - 0.001 * row, 114.3) for row, key in enumerate("abcd")}
    assert [code.sequence for code in number_cells(COMMUNITY, column).values()] == [
        "001",
        "002",
        "003",
        "004",
    ]
    same_spot = dict.fromkeys("cab", Point(22.7, 114.3))
    assert list(number_cells(COMMUNITY, same_spot)) == ["a", "b", "c"]
