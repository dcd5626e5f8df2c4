"""Bring a database to the present schema: migrations as the owner, then every guard."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

from tradecredit.plumbing import guards
from tradecredit.plumbing.postgres import schema_digest

_LOCK = 7_202_611_22


def migrate() -> None:
    """Migrate and guard; two processes at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        schema_digest.forget(cursor)
    try:
        guards.prepare()
        call_command("migrate", verbosity=0, interactive=False)
        guards.apply()
        with connection.cursor() as cursor:
            schema_digest.keep(cursor)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def is_current() -> bool:
    """Tell whether the database was brought to the schema of this version, so that there is nothing to migrate."""
    with connection.cursor() as cursor:
        return schema_digest.of_database(cursor) == schema_digest.of_code()


class RealCompaniesError(RuntimeError):
    """The database holds companies that are no sandboxes; it is not emptied."""


def empty() -> None:
    """Throw everything away, unless a company in it is real; raises RealCompaniesError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.access_company') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT code FROM access_company WHERE NOT is_sandbox")
            real = [code for (code,) in cursor.fetchall()]
            if real:
                raise RealCompaniesError(f"not emptied: these companies are real: {', '.join(real)}")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
