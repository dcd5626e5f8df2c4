"""Runs the migrations as the owner; called in a process of its own."""

from __future__ import annotations

import os

os.environ["TRADECREDIT_AS_OWNER"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradecredit.config.settings.production")


def run() -> None:
    """Migrate and guard the database named by DATABASE_URL."""
    import django

    django.setup()
    from tradecredit.plumbing.postgres import migrate

    migrate.migrate()


if __name__ == "__main__":
    run()
