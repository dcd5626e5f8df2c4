"""Plumbing: Django without business nouns."""
