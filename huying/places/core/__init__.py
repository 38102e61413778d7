"""Codes, coordinates, shapes and addresses in plain Python, without Django and usable from a notebook."""
