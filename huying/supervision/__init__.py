"""Supervision: matters become topics, meetings decide, orders are followed to the end and beyond."""
