"""Bureaus of company facts: each described in a file, one client for all of them."""
