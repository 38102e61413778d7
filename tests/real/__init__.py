"""The product on real messages that lie beside the project; skipped, and said so, where they are missing."""
