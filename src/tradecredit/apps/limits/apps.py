"""App configuration."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.limits"
    label = "limits"
