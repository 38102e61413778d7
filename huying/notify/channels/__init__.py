"""Ways out of the house, each behind the same small protocol (`port.Port`)."""
