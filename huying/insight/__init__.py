"""Numbers of the town, told honestly: each with its formula, what it is a share of, and what was left out."""
