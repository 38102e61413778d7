"""What of a public matter everybody may see: pages a clerk released, and what was reported nearby."""
