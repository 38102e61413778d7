"""Doors of the duty board: the board itself, alerts, screens on walls, incidents."""
