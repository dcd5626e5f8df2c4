"""The books of limits."""
