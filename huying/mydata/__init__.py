"""What residents may ask of their own data: a copy of it, and that it is forgotten."""
