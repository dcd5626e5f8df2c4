"""App configuration."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.sources"
    label = "sources"
