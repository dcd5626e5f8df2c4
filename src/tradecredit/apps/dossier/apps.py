"""App configuration."""

from django.apps import AppConfig


class DossierConfig(AppConfig):
    """Names the room."""

    name = "tradecredit.apps.dossier"
    label = "dossier"
