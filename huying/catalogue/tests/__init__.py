"""Tests of the catalogue: the calendar, the clocks, the starter files, exchange."""
