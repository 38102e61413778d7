"""An invented town, replayed through the real pipe."""
