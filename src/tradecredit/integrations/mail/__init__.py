"""Mail: a server for real companies, a folder for sandbox companies, and nothing at all for tests."""
