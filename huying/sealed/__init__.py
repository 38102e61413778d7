"""Sealed reports of violations: who reported is locked away, and who is accused never sees them."""
