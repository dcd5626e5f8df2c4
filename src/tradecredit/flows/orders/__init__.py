"""The journey of an order: check, hold, release, deliver, bill, replay."""
