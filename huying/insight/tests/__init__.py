"""Tests of the numbers: definitions, counts that add up, suppression, pages."""
