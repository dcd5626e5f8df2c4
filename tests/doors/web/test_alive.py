"""The page that load balancers ask for: it reads one row and shows nothing of it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


class TestAlive:
    def test_answers_anybody_after_reading_one_row(self, client, company, django_assert_num_queries):
        with django_assert_num_queries(1):
            answer = client.get("/alive")

        assert answer.status_code == 200
        assert company.code.encode() not in answer.content
