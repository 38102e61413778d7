"""The shifted systems agree with values computed by an independent implementation."""

from __future__ import annotations

import pytest

from huying.places.core.shifts import bd_to_gcj, gcj_to_bd, gcj_to_wgs, wgs_to_gcj

# WGS-84 → GCJ-02 → BD-09, in the south and in the north of the country.
KNOWN = (
    ((22.7, 114.0), (22.697158859250763, 114.00500483616412), (22.70349225311159, 114.01145441472441)),
    ((39.9, 116.4), (39.901403529849404, 116.40624278491117), (39.90773378164862, 116.41262802928223)),
)


@pytest.mark.parametrize(("wgs", "gcj", "bd"), KNOWN)
def test_known_points_shift_as_others_compute_them(
    wgs: tuple[float, float], gcj: tuple[float, float], bd: tuple[float, float]
) -> None:
    assert wgs_to_gcj(*wgs) == pytest.approx(gcj, abs=1e-11)
    assert gcj_to_bd(*gcj) == pytest.approx(bd, abs=1e-11)


@pytest.mark.parametrize(("wgs", "gcj", "bd"), KNOWN)
def test_the_inverses_lead_back(
    wgs: tuple[float, float], gcj: tuple[float, float], bd: tuple[float, float]
) -> None:
    assert bd_to_gcj(*bd) == pytest.approx(gcj, abs=1e-11)
    assert gcj_to_wgs(*gcj) == pytest.approx(wgs, abs=1e-11)
