"""What the town tells in writing: bulletins and reminder letters, frozen once they are out."""
