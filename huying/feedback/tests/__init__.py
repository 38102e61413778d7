"""Tests of feedback: asking, rating, rework, honest silence."""
