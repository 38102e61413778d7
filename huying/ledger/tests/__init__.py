"""Tests of the ledger: the chain, its guard, the handlers."""
