"""Stories of residents and staff in a real browser, against a town that really runs."""
