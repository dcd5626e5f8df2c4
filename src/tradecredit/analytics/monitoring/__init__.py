"""Windows on early warning: what is known about customers, as signals."""
