"""What a day brings: dunning, alerts, freezes, tasks, letters."""
