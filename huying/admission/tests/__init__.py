"""Tests of admission: applications, rulings, terms, and the gate."""
