"""Tests of dispatch: duty rules, roles, fallbacks, assignments by hand."""
