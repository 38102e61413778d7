"""What staff keep at their own desk, told as sentences."""
