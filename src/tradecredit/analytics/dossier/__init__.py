"""Customers seen whole: what every room knows about one of them."""
