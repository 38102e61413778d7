"""The gallery: every component and seven whole pages with invented data, for looking at and copying from."""
