"""Notices to residents and staff."""
