"""Statistical models: learned from samples, told as data, evaluated without the library that learned them."""
