"""How facts come in from files and calls, row by row."""
