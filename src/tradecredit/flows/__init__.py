"""The corridors: one file is one business sentence."""
