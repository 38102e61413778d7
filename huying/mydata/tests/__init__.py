"""Tests of what residents may ask of their own data."""
