"""Tests of walks: plans, findings on the phone, tallies."""
