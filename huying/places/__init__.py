"""Where: areas, codes, names and points."""
