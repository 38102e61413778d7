"""Tests of supervision: topics, meetings, orders, effects."""
