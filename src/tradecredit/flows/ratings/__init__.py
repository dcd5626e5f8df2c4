"""Ratings, for one customer and for everybody."""
