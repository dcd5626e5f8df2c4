"""What bureaus say about companies, in one schema whoever says it."""
