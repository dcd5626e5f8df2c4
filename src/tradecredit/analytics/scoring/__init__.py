"""Reports over ratings."""
