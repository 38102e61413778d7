"""Trends at the desk: months beside one another, weeks beside what was expected, and what a fall is worth."""
