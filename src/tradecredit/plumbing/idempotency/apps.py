"""App configuration."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.plumbing.idempotency"
    label = "idempotency"
