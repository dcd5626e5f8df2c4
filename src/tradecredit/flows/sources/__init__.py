"""Other systems: reading what they know, comparing both sides, telling them who is held and for how much."""
