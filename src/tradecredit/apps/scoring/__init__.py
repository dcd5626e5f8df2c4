"""The books of scoring."""
