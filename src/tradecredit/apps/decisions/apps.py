"""App configuration."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.decisions"
    label = "decisions"
