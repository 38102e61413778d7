"""What tests share: a small town, and the cast that lives and works in it."""
