"""Walks at the desk: lists and plans, the phone on a walk, tallies and reports; drives and indices."""
