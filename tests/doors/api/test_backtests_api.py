"""Backtests and simulations over HTTP and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doors.api.test_ratings_api import Caller
from factories import policies
from tradecredit.integrations import policy_packs
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(client: Client, company):
    policies.published(company)
    return Caller(client, company, Role.RISK_DIRECTOR)


class TestBacktests:
    def test_says_too_few_where_nobody_was_rated(self, caller):
        found = caller.get("/backtests").json()

        assert found["backtest"]["customers"] == 0
        assert found["backtest"]["is_enough"] is False
        assert found["written"] == []


class TestRatingSimulations:
    def test_nobody_moves_where_there_is_nobody(self, caller):
        section = policy_packs.load_pack("five-pillars")["scorecard"]

        found = caller.post("/rating-simulations", {"scorecard": section})

        assert (found.status_code, found.json()["moved"]) == (200, 0)

    def test_an_unsound_model_is_refused(self, caller):
        found = caller.post("/rating-simulations", {"scorecard": {"name": "x"}})

        assert (found.status_code, found.json()["code"]) == (422, "model_unsound")
