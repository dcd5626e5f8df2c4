"""The books of receivables."""
