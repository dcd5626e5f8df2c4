"""Approvals: who may decide what, for how much, and never their own."""
