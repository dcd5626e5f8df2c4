"""The functions that come with the language, one module a family."""
