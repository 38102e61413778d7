"""What arrives: channels, raw payloads, appeals, photos, limits."""
