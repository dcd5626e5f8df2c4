"""Credit lines: proposed, approved, reviewed."""
