"""The values of the language and what may be done with them."""
