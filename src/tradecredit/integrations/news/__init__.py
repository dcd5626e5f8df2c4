"""Feeds of news: RSS, Atom and JSON."""
