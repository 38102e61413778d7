"""The working calendar and the clocks that run on it: plain Python, usable without Django."""
