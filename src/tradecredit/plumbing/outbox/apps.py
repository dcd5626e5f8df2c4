"""App configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.plumbing.outbox"
    label = "outbox"
