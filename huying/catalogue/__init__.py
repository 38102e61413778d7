"""What can be asked: items, grades, clocks, units, and the working calendar."""
