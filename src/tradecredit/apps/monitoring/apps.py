"""App configuration."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.monitoring"
    label = "monitoring"
