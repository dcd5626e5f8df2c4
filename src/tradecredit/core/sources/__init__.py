"""Other systems that facts come from: how far each was read, whether both sides agree, what is to be written back."""
