"""The books of dossier."""
