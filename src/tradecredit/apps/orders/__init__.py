"""The books of orders."""
