"""App configuration."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.collections"
    label = "collections"
