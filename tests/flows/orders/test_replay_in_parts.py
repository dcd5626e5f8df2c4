"""Very many decisions replayed by processes side by side: all of them, each once."""

from __future__ import annotations

import psycopg
import pytest

from factories import companies, orders
from tradecredit.apps.decisions import queries
from tradecredit.flows.orders import check_order_credit, replay_in_parts
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")
COUNT = 24


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found)
    check_order_credit.check_order_credit(
        requests=[orders.request(found, "6000.00", reference=f"SO-{number}") for number in range(COUNT)],
        actor=SYSTEM,
    )
    return found


class TestSince:
    def test_parts_together_are_all_decisions_each_once(self, company):
        with db.unit_of_work(SYSTEM):
            parts = [{one.id for one in queries.since(None, part=part, parts=4)} for part in range(4)]

        assert sum(map(len, parts)) == len(set().union(*parts)) == COUNT


class TestReplayInParts:
    @pytest.mark.parametrize("worth_sharing", [1, 1_000])
    def test_replays_all_of_them_alone_or_shared(self, company, monkeypatch, worth_sharing):
        monkeypatch.setattr(replay_in_parts, "_WORTH_SHARING", worth_sharing)

        found = replay_in_parts.replay_in_parts(actor=SYSTEM)

        assert (found.replayed, found.different) == (COUNT, ())

    def test_control_an_edited_record_is_found(self, company, own_database, monkeypatch):
        monkeypatch.setattr(replay_in_parts, "_WORTH_SHARING", 1)
        with psycopg.connect(own_database) as owner:
            owner.execute("SET session_replication_role = replica")
            owner.execute(
                "UPDATE decisions_decision SET verdict = replace(verdict, '\"approve\"', '\"reject\"'),"
                " headroom_after = headroom_after - 1 WHERE reference = 'SO-3'"
            )

        found = replay_in_parts.replay_in_parts(actor=SYSTEM)

        assert [one.reference for one in found.different] == ["SO-3"]
