"""The numbers in plain Python: what each means, and how it may be told. No Django, no database."""
