"""App configuration."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.exposure"
    label = "exposure"
