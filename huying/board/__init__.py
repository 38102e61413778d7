"""The duty board: what is happening just now, what warns, and who has seen it."""
