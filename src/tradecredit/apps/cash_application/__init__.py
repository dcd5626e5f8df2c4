"""The books of cash_application."""
