"""Kill what can be killed in the middle of intake, and look for what was lost or doubled."""
