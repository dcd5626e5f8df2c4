"""Windows on requests: what waits for whom, how like ones ended, how long they took."""
