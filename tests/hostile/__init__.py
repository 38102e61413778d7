"""Input nobody wishes for: refused with a reason and nothing stored, or taken and found again as it came."""
