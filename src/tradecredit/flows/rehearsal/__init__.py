"""Books made for proofs on throw-away installations: filled by the thousand, watched, and damaged on purpose."""
