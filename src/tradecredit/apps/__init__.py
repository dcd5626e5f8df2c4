"""The books: one Django app a room; rooms never import each other."""
