"""Policies: checked and published."""
