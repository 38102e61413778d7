"""Front pages: a resident's, the desk's."""
