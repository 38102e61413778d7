"""Leaders' walks: what nobody reported is found on the spot and goes the way of every appeal."""
