"""Tests of the site: its ground, command line and settings."""
