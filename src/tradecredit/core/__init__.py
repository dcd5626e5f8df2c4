"""The rules: plain Python, frozen values in, values out; no database, no clock, no globals."""
