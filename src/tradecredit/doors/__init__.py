"""Who comes in: pages, API, commands, worker."""
