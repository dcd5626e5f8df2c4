"""The books of approvals."""
