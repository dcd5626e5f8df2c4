"""App configuration."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.scoring"
    label = "scoring"
