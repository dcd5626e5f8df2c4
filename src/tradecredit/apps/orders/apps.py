"""App configuration."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.orders"
    label = "orders"
