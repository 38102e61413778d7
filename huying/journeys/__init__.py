"""Stories across packages, one file each."""
