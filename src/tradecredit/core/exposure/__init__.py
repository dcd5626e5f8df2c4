"""Exposure: what a customer owes or is about to owe, by stage, and what is left of the line."""
