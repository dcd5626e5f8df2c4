"""The pages: translate in, read or make one call, translate out."""
