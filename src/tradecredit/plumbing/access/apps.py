"""App configuration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.plumbing.access"
    label = "access"
