"""The books of the other systems that facts come from and standings go to."""
