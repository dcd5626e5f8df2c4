"""Makers of rows for tests, one file a room."""
