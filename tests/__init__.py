"""Proof from outside: whole towns in real processes, hostile input, journeys in a browser, kept promises."""
