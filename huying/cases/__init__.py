"""The matter: states, moves, clocks, tasks, merging."""
