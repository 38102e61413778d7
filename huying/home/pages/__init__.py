"""Residents' screens: filing an appeal, following it, judging the answer."""
