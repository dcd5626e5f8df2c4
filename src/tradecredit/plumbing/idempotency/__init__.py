"""One effect for one key, however often it is sent."""
