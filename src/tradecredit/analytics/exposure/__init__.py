"""Reports over credit accounts."""
