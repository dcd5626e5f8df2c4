"""The windows: read-only over many rooms."""
