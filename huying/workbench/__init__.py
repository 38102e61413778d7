"""What staff keep at their own desk: phrases they write often, and who is at which case just now."""
