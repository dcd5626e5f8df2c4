"""Drawn processes: run on SpiffWorkflow, kept as text, with no script and no expression language but the given one."""
