"""The books of collections."""
