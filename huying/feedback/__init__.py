"""Was it put right? Ratings, rework, honest closure."""
