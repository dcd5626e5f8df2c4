"""Requests that run by a drawn flow: begun, voted on, sent back, watched; whoever asks or decides comes through here."""
