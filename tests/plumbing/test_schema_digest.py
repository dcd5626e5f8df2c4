from __future__ import annotations

import pytest
from django.db import connection

from tradecredit.plumbing.postgres import migrate, schema_digest


class TestOfCode:
    def test_changes_with_a_migration_a_model_or_a_function_and_with_nothing_else(self, tmp_path):
        (tmp_path / "room" / "migrations").mkdir(parents=True)
        (tmp_path / "room" / "sql").mkdir()
        found = [schema_digest.of_code(tmp_path)]
        for name in ("room/migrations/0001_initial.py", "room/models.py", "room/sql/functions.sql"):
            (tmp_path / name).write_text("1")
            found.append(schema_digest.of_code(tmp_path))
        (tmp_path / "room" / "queries.py").write_text("1")

        assert len(set(found)) == 4
        assert schema_digest.of_code(tmp_path) == found[-1]


@pytest.mark.django_db
class TestIsCurrent:
    def test_only_after_the_schema_of_this_very_version_was_kept(self):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            schema_digest.keep(cursor)
            assert migrate.is_current()
            cursor.execute("COMMENT ON TABLE django_migrations IS 'another'")
            assert not migrate.is_current()

    def test_not_while_it_is_being_changed(self):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            schema_digest.keep(cursor)
            schema_digest.forget(cursor)
            assert schema_digest.of_database(cursor) is None
            assert not migrate.is_current()
