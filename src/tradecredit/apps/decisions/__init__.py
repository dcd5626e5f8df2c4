"""The books of decisions."""
