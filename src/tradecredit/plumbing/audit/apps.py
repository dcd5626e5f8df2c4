"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.plumbing.audit"
    label = "audit"
