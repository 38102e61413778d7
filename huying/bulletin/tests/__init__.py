"""Tests of what the town tells in writing."""
