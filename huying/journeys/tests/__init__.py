"""Tests of the journeys: the pipe, imports, counting."""
