"""The matcher: who paid, what for, on which evidence, and how often such evidence has been right."""
