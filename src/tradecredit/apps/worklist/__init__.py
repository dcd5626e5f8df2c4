"""The books of worklist."""
