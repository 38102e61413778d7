"""What may be pushed down to streets and communities: applied for, ruled on by them, listed in public."""
