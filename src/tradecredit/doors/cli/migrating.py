"""Works on the schema as its owner; called in a process of its own."""

from __future__ import annotations

import os
import sys

os.environ["TRADECREDIT_AS_OWNER"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradecredit.config.settings.production")


def run(task: str) -> None:
    """Migrate and guard the database named by DATABASE_URL, or (``reset``) empty it first."""
    import django

    django.setup()
    from tradecredit.plumbing.postgres import migrate

    if task == "reset":
        migrate.empty()
    migrate.migrate()


if __name__ == "__main__":
    run(sys.argv[1] if len(sys.argv) > 1 else "migrate")
