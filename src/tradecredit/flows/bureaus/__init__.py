"""Asking bureaus: reports into facts, wishes answered in the background, reports refreshed by night."""
