"""Topics, meetings and orders at the desk."""
