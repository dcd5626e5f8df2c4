"""App configuration."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.approvals"
    label = "approvals"
