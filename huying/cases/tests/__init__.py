"""Tests of cases: moves, clocks, merging, races."""
