"""News: feeds kept and read, what they bring recorded, whom it concerns told."""
