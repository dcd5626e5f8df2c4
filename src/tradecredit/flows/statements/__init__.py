"""Statements of account: sent to customers, and what becomes of their answers."""
