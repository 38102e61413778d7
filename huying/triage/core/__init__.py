"""The learning core of triage in plain Python: text to item, danger to life, twins and the judgement."""
