"""The books of monitoring."""
