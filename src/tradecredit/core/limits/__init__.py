"""Credit lines: what the formula proposes, what holds on a day, and what a grade allows."""
