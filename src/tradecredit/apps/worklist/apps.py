"""App configuration."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.worklist"
    label = "worklist"
