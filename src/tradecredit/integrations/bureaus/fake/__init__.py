"""A bureau that exists only here: it answers in the documented shapes, and goes wrong in every known way."""
