"""Bring a database to the present schema: migrations as the owner, then every guard."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

from tradecredit.plumbing import guards

_LOCK = 7_202_611_22


def migrate() -> None:
    """Migrate and guard; two processes at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        guards.prepare()
        call_command("migrate", verbosity=0, interactive=False)
        guards.apply()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
