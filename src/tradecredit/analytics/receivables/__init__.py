"""Reports over receivables and cash: set-based twins of the core's figures, at any day and as known at any moment."""
