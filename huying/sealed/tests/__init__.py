"""Tests of sealed reports."""
