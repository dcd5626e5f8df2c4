"""The seeded simulator: an invented trading company, played through the real flows."""
