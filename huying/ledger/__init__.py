"""Append-only facts: who did what, when and by which rule."""
