"""``tradecredit torture``: races, duplicates and crashes, each with its negative control."""
