"""What the database itself refuses: applied after every migration, again and again with the same result.

- the application role is neither superuser nor owner;
- rows of a company are seen only in that company's scope (row-level security);
- append-only rows are never updated or deleted;
- rows written by functions only (balances) give the application role no direct write.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection

from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

APP_ROLE = "tradecredit_app"

_SCOPED = (
    "(SELECT current_setting('tradecredit.companies', true)) = '*' OR {column} = ANY ("
    "string_to_array((SELECT nullif(current_setting('tradecredit.companies', true), '*')), ',')::uuid[])"
)
# Of an overlap with what it cannot know the planner expects one row in a hundred, and looks a hundred thousand invoices up
# one by one; of a CASE it expects half.
_CUSTOMER_SCOPED = (
    "CASE WHEN (SELECT current_setting('tradecredit.companies', true)) = '*' THEN TRUE ELSE {column} && ("
    "string_to_array((SELECT nullif(current_setting('tradecredit.companies', true), '*')), ',')::uuid[]) END"
)

_ERASE_SETTING = "tradecredit.erase"
_MERGE_SETTING = "tradecredit.merge"

_REFUSE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Sandbox data may be erased by the owner, who says so; the application role never may.
    IF TG_OP = 'DELETE' AND current_setting('{_ERASE_SETTING}', true) = 'sandbox'
       AND current_user <> '{APP_ROLE}' THEN
        RETURN NULL;
    END IF;
    -- Two records that are one customer: the owner's function gives the rows to the other and writes down which.
    IF TG_OP = 'UPDATE' AND current_setting('{_MERGE_SETTING}', true) = 'customers'
       AND current_user <> '{APP_ROLE}' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: correct it by a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def ensure_role(cursor: CursorWrapper) -> None:
    """Create the application role where it is missing, and let the owner act as it."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
    if cursor.fetchone() is None:
        cursor.execute(
            f"DO $$ BEGIN CREATE ROLE {APP_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    cursor.execute(
        f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN"
        f" EXECUTE format('GRANT {APP_ROLE} TO %I', current_user); END IF; END $$"
    )


def prepare() -> None:
    """Create what the migrations need: the role, extensions, the event sequence."""
    with connection.cursor() as cursor:
        ensure_role(cursor)
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS outbox_event_number")


def apply() -> None:
    """Put every guard in place; run as the owner after the migrations."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE_FUNCTION)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        for model in apps.get_models():
            if issubclass(model, Row):
                _guard_model(cursor, model)
        for path in _sql_files():
            cursor.execute(path.read_text(encoding="utf-8"))
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}")


def _guard_model(cursor: CursorWrapper, model: type[Row]) -> None:
    table = model._meta.db_table  # noqa: SLF001 - Django's documented Meta API
    if issubclass(model, CompanyRow):
        _row_security(cursor, table, _SCOPED.format(column="company_id"))
    elif any(field.name == "company" and field.null for field in model._meta.fields):  # noqa: SLF001 - as above
        # What belongs to no company in particular concerns all of them.
        _row_security(cursor, table, f"company_id IS NULL OR {_SCOPED.format(column='company_id')}")
    elif any(field.name == "company_ids" for field in model._meta.fields):  # noqa: SLF001 - as above
        _row_security(cursor, table, _CUSTOMER_SCOPED.format(column="company_ids"))
    elif any(field.name == "customer" for field in model._meta.fields):  # noqa: SLF001 - as above
        # What hangs on a customer is seen by whoever sees the customer.
        _row_security(cursor, table, "EXISTS (SELECT 1 FROM dossier_customer c WHERE c.id = customer_id)")
    if model.is_append_only:
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")
        cursor.execute(f"DROP TRIGGER IF EXISTS append_only ON {table}")
        cursor.execute(
            f"CREATE TRIGGER append_only AFTER UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    if model.is_written_by_functions_only:
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")
        # A row lock needs UPDATE on some column; the identifier is one nobody gains from changing.
        cursor.execute(f"GRANT UPDATE (id) ON {table} TO {APP_ROLE}")


def _row_security(cursor: CursorWrapper, table: str, condition: str) -> None:
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS company_scope ON {table}")
    cursor.execute(f"CREATE POLICY company_scope ON {table} USING ({condition}) WITH CHECK ({condition})")


def _sql_files() -> list[Path]:
    """Return the functions of the rooms, then those that reach over many rooms."""
    configs = [config for config in apps.get_app_configs() if config.name.startswith("tradecredit.")]
    of_rooms = sorted(path for config in configs for path in (Path(config.path) / "sql").glob("*.sql"))
    return of_rooms + [path for folder in settings.SQL_DIRS for path in sorted(Path(folder).glob("*.sql"))]
