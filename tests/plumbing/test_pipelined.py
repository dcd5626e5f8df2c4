from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from tradecredit.plumbing import ids
from tradecredit.plumbing.postgres import pipelined

HOSTILE = ['say "yes"', "back\\slash", "a,b", "{c}", "", "NULL", "示例\n行", None, "'quoted'"]


@pytest.mark.django_db
class TestTexts:
    def test_the_database_reads_any_texts_as_they_were(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text[]", [pipelined.texts(HOSTILE)])
            assert cursor.fetchone()[0] == HOSTILE


class TestArray:
    def test_writes_values_without_quotes(self):
        assert pipelined.array([1, None, UUID(int=7)]) == "{1,NULL,00000000-0000-0000-0000-000000000007}"


class TestNewTexts:
    def test_are_identifiers_of_version_seven(self):
        found = [UUID(text) for text in ids.new_texts(50)]

        assert len(set(found)) == 50
        assert {(one.version, one.variant) for one in found} == {(7, "specified in RFC 4122")}

    def test_grow_with_time_as_the_others_do(self):
        assert abs((UUID(ids.new_texts(1)[0]).int >> 80) - (ids.new_id().int >> 80)) < 60_000
