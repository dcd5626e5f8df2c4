"""What changes a customer's standing counts at once at the quick door; who may ask; what follows."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from factories import companies, customers, orders
from factories.quick_door import token_of, visited
from factories.quick_door_calls import SYSTEM, body, ordinary, rows
from tradecredit.apps.decisions.models import Decision, PolicyVersion
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.monitoring.models import Freeze
from tradecredit.flows import reactions
from tradecredit.flows.orders import explain_decision, replay_decisions
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role
from tradecredit.plumbing.access.models import ApiToken
from tradecredit.plumbing.audit.models import LogEntry


class TestStanding:
    """What is written between two checks is seen by the second, however soon it follows."""

    def _freeze(self, company):
        with db.unit_of_work(SYSTEM):
            customer = CreditAccount.objects.get(customer__code="C001").customer_id
            Freeze.objects.create(
                company=company,
                customer_id=customer,
                scope="orders",
                cause="person",
                text_zh="示例",
                text_en="An example",
                frozen_on=orders.DAY,
                created_at=companies.MOMENT,
                created_by="test",
            )

    @pytest.mark.parametrize("change", ["freeze", "invoice", "line", "rating", "policy", "lifecycle"])
    def test_a_change_counts_at_once(self, company, token, change):
        def write():
            customer = rows(lambda: CreditAccount.objects.get(customer__code="C001").customer)
            if change == "freeze":
                self._freeze(company)
            elif change == "invoice":
                orders.invoice(company, customer, "INV-9", "5000.00", due=orders.DAY.replace(year=2025))
            elif change == "line":
                orders.line(company, customer, "100000.00", valid_from=orders.DAY)
            elif change == "rating":
                orders.rating(company, customer, "D", as_of=orders.DAY)
            elif change == "policy":
                _stricter_policy(company)
            else:
                with db.unit_of_work(SYSTEM):
                    type(customer).objects.filter(pk=customer.pk).update(lifecycle="exit")

        async def around(door):
            before = await door.post("/credit-checks", body("1000.00"), token=token)
            await asyncio.get_running_loop().run_in_executor(None, _then_close, write)
            return before, await door.post("/credit-checks", body("1000.00"), token=token)

        before, after = visited(around)

        assert (before.json()["outcome"], before.is_from_django) == ("approve", False)
        assert after.json()["outcome"] in ("hold", "reject")

    def test_without_the_marks_a_stale_profile_would_be_used(self, company, token):
        """Take the triggers away, and the freeze goes unseen: the test above can fail."""
        from django.db import connection

        async def around(door):
            await door.post("/credit-checks", body("1000.00"), token=token)
            await asyncio.get_running_loop().run_in_executor(None, _then_close, frozen_unmarked)
            return await door.post("/credit-checks", body("1000.00"), token=token)

        def frozen_unmarked():
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
                cursor.execute("ALTER TABLE monitoring_freeze DISABLE TRIGGER check_profile_insert")
            self._freeze(company)

        assert visited(around).json()["outcome"] == "approve"

    def test_changes_in_the_middle_of_a_storm_are_never_missed(self, company, token):
        """Each freeze that has committed stops every check that begins after it; each lift lets them pass again."""

        def lifted():
            with db.unit_of_work(SYSTEM):
                Freeze.objects.filter(lifted_on__isnull=True).update(lifted_on=orders.DAY)

        async def storm(door):
            loop = asyncio.get_running_loop()
            seen = []
            for _ in range(6):
                for write, expected in ((lambda: self._freeze(company), "hold"), (lifted, "approve")):
                    noise = [
                        asyncio.ensure_future(door.post("/credit-checks", body("1.00"), token=token))
                        for _ in range(4)
                    ]
                    await loop.run_in_executor(None, _then_close, write)
                    reply = await door.post("/credit-checks", body("1.00"), token=token)
                    seen.append((reply.json()["outcome"], expected))
                    await asyncio.gather(*noise)
            return seen

        seen = visited(storm)

        assert all(outcome == expected for outcome, expected in seen), seen


class TestCallers:
    def test_a_revoked_token_ends_within_two_seconds(self, company, token, monkeypatch):
        from tradecredit.doors.api import fast_callers

        passed = [0.0]
        monkeypatch.setattr(fast_callers.time, "monotonic", lambda: passed[0])

        async def around(door):
            before = await door.post("/credit-checks", body("1.00"), token=token)
            await asyncio.get_running_loop().run_in_executor(
                None, _then_close, lambda: ApiToken.objects.update(revoked_at=companies.MOMENT)
            )
            passed[0] = 2.1
            return before, await door.post("/credit-checks", body("1.00"), token=token)

        before, after = visited(around)

        # With a token that is none, Django asks for a session.
        assert (before.status, after.status, after.is_from_django) == (201, 403, True)

    def test_somebody_who_sees_some_customers_only_is_the_ordinary_doors(self, company):
        token = token_of(company, Role.SALES, row_kind="own", row_value="somebody else")

        found = visited(lambda door: door.post("/credit-checks", body(), token=token))

        assert (found.is_from_django, found.status) == (True, 404)

    def test_a_role_that_may_not_check_is_refused(self, company):
        token = token_of(company, Role.AUDITOR)

        found = visited(lambda door: door.post("/credit-checks", body(), token=token))

        assert (found.is_from_django, found.status) == (True, 403)


class TestAfterwards:
    def test_a_compact_decision_is_explained_and_replayed_like_any_other(self, company, token):
        quick = visited(lambda door: door.post("/credit-checks", body("80000.00", "C001"), token=token))
        slow = ordinary(token, body("80000.00", "C002"))
        mine, theirs = (UUID(answer.json()["id"]) for answer in (quick, slow))

        found = {
            one: explain_decision.explain_decision(decision_id=one, actor=SYSTEM) for one in (mine, theirs)
        }
        replay = replay_decisions.replay_decisions(actor=SYSTEM)

        def without_names(explained):
            return {**explained, "headline": None}

        assert rows(lambda: Decision.objects.get(pk=mine).facts) is None
        assert without_names(found[mine].explained) == without_names(found[theirs].explained)
        assert found[mine].view.decision == found[theirs].view.decision
        assert (replay.replayed, replay.different) == (2, ())

    def test_a_policy_published_afterwards_alters_no_compact_decision(self, company, token):
        visited(lambda door: door.post("/credit-checks", body("80000.00"), token=token))
        _stricter_policy(company)

        replay = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (replay.replayed, replay.different) == (1, ())

    def test_a_figure_that_was_tampered_with_is_found_on_replay(self, company, token):
        quick = visited(lambda door: door.post("/credit-checks", body("80000.00"), token=token))
        _tamper(UUID(quick.json()["id"]))

        replay = replay_decisions.replay_decisions(actor=SYSTEM)

        assert [place.split(":")[0] for place in replay.different[0].places] == [
            "verdict.headroom_after",
            "verdict.headroom_before",
        ]

    def test_the_log_is_written_with_the_events_once(self, company, token):
        quick = visited(lambda door: door.post("/credit-checks", body("1000.00", "C001"), token=token))
        slow = ordinary(token, body("1000.00", "C002"))
        references = [answer.json()["reference"] for answer in (quick, slow)]

        reactions.drain(actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        entries = rows(
            lambda: [
                (one.kind, one.text_en, one.actor_name)
                for one in LogEntry.objects.filter(kind="order.released").order_by("recorded_at")
            ]
        )
        assert sorted(entries) == sorted(
            ("order.released", f"Order {reference}, ¥1,000.00: Approved.", "integration")
            for reference in references
        )

    def test_an_account_that_was_never_opened_is_opened(self, company, token):
        customer = customers.customer(company, "C003")
        orders.line(company, customer, "1000.00")
        orders.rating(company, customer, "A")

        found = visited(lambda door: door.post("/credit-checks", body("10.00", "C003"), token=token))

        assert (found.json()["outcome"], found.is_from_django) == ("approve", False)


def _then_close(work):
    from django.db import connections

    try:
        return work()
    finally:
        connections.close_all()


def _stricter_policy(company):
    from factories.credit_facts import section

    control = section("five-pillars", "order_control")
    for check in control["checks"]:
        if check["check"] == "single_document_maximum":
            check["amounts"] = {"CNY": "10.00"}
            check["on_fail"] = "hold"
    orders.policy(company, order_control=control)
    assert rows(PolicyVersion.objects.count) == 2


def _tamper(decision_id):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE decisions_decision DISABLE TRIGGER append_only")
        cursor.execute("UPDATE decisions_decision SET ordered = ordered + 1 WHERE id = %s", [decision_id])
    connection.close()
