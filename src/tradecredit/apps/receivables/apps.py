"""App configuration."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.receivables"
    label = "receivables"
