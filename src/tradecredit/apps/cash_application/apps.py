"""App configuration."""

from django.apps import AppConfig


class CashApplicationConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.cash_application"
    label = "cash_application"
