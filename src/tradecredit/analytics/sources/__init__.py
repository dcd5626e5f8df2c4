"""What came from other systems, as it stands in our books."""
