"""The worker: jobs and schedule."""
