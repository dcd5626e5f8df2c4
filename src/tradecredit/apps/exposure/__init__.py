"""The books of exposure."""
