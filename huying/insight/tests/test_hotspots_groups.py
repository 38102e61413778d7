"""Grouping and settling: quick ways give what the slow ways would, and common places cost nobody a home."""

from __future__ import annotations

from itertools import combinations, product
from math import sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from huying.insight.core.hotspots_groups import grouped
from huying.insight.core.hotspots_lexicon import Profiles
from huying.insight.core.hotspots_pairs import candidate_pairs
from huying.insight.core.hotspots_settle import settled
from huying.insight.core.hotspots_told import DEFAULT

JOIN = 0.36


def the_profiles(places: np.ndarray, causes: np.ndarray) -> Profiles:
    """Return profiles with these rows, each scaled to length 1."""
    rows = [table / np.linalg.norm(table, axis=1, keepdims=True) for table in (places, causes)]
    keys = [f"c:{column}" for column in range(places.shape[1])]
    held = sparse.csr_matrix(rows[0].astype(np.float32))
    return Profiles(keys, held, rows[1].astype(np.float32), held)


def _slowly(profiles: Profiles, join: float) -> list[set[int]]:
    """Return groups by comparing all with all in every round, as average linkage is told in books."""
    places, causes = profiles.places.toarray() @ profiles.places.toarray().T, profiles.causes
    places, causes = places.astype(float), (causes @ causes.T).astype(float)
    groups = [{row} for row in range(len(places))]
    while True:
        agreed: dict[tuple[int, int], float] = {}
        for one, two in combinations(range(len(groups)), 2):
            pairs = list(product(groups[one], groups[two]))
            place, cause = (sum(table[pair] for pair in pairs) / len(pairs) for table in (places, causes))
            agreed[one, two] = sqrt(max(place, 0) * max(cause, 0))
        best = max(agreed, key=lambda pair: agreed[pair], default=None)
        if best is None or agreed[best] < join:
            return groups
        groups[best[0]] |= groups.pop(best[1])


@given(st.integers(0, 10_000), st.integers(2, 14))
def test_quick_groups_are_those_of_comparing_all_with_all(seed: int, count: int) -> None:
    """Joining all pairs that are each other's best at once gives what one pair after another gives."""
    draw = np.random.default_rng(seed)
    profiles = the_profiles(draw.random((count, 3)) + 0.2, draw.random((count, 4)) + 0.01)
    labels = grouped(profiles, candidate_pairs(profiles, np.arange(count)), JOIN * 2.4)
    quick = [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
    slow = _slowly(profiles, JOIN * 2.4)
    assert sorted(map(sorted, quick)) == sorted(map(sorted, slow))


def test_pairs_come_once_a_block_and_first_below_second() -> None:
    """Tellings that share two keys are one pair; a key of many brings each to its nearest only."""
    profiles = the_profiles(np.ones((100, 2)), np.eye(100))
    pairs = np.concatenate(list(candidate_pairs(profiles, np.arange(100))))
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs) < 100 * 32


def test_matters_of_one_common_place_keep_their_members() -> None:
    """Three hundred matters of one quarter bring each other nobody, and none loses its own."""
    home = np.repeat(np.arange(300), 3)
    profiles = the_profiles(np.ones((900, 1)), np.eye(300)[home])
    assert np.array_equal(settled(profiles, home, DEFAULT), home)
