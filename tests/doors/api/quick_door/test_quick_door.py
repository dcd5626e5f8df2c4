"""The quick door and the ordinary one, through the whole front: the same answers, the same books."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from uuid import UUID

import pytest

from factories import orders
from factories.quick_door import visited
from factories.quick_door_calls import SYSTEM, body, common, ordinary, rows
from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.apps.decisions.models import Decision
from tradecredit.apps.exposure.models import CreditAccount, Reservation
from tradecredit.apps.orders.models import Order
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing.outbox.models import Event


class TestSameAnswer:
    @pytest.mark.parametrize("language", ["en", "zh-CN,zh;q=0.9"])
    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": "10000.00"},
            {"amount": "10000.5", "terms_days": 30},
            {"amount": "400.00"},
            {"amount": "80000.00"},  # takes the account past nine tenths of its line: a warning
        ],
    )
    def test_both_doors_say_the_same_to_the_letter(self, company, token, language, fields):
        quick = visited(
            lambda door: door.post(
                "/credit-checks", body(customer="C001", **fields), token=token, language=language
            )
        )
        slow = ordinary(token, body(customer="C002", **fields), language=language)

        assert not quick.is_from_django
        assert (quick.status, slow.status_code) == (201, 201)
        assert common(quick.json()) == common(slow.json())
        assert list(quick.json()) == list(slow.json())

    def test_the_second_order_on_a_standing_says_the_same_as_the_first(self, company, token):
        async def twice(door):
            await door.post("/credit-checks", body("10000.00", "C001"), token=token)
            return await door.post("/credit-checks", body("10001.25", "C001", "SO-%d"), token=token)

        second = visited(twice)
        ordinary(token, body("10000.00", "C002"))
        slow = ordinary(token, body("10001.25", "C002"))

        assert not second.is_from_django
        assert second.json()["reference"] == "SO-%d"
        assert common(second.json()) == common(slow.json())

    def test_leaves_the_same_rows_behind(self, company, token):
        quick = visited(lambda door: door.post("/credit-checks", body(customer="C001"), token=token))
        slow = ordinary(token, body(customer="C002"))

        def of(row, *left_out):
            hidden = {"id", "customer_id", "account_id", "reference", "recorded_at", "updated_at", *left_out}
            return {field: value for field, value in row.items() if field not in hidden}

        ids = [UUID(answer.json()["id"]) for answer in (quick, slow)]
        found = rows(lambda: [Order.objects.filter(decision_id=one).values()[0] for one in ids])
        kept = rows(lambda: [Reservation.objects.filter(decision_id=one).values()[0] for one in ids])
        told = rows(
            lambda: list(Event.objects.filter(name="orders.checked").values_list("payload", flat=True))
        )
        assert of(found[0], "decision_id") == of(found[1], "decision_id")
        assert of(kept[0], "decision_id", "created_at") == of(kept[1], "decision_id", "created_at")
        # One event for a batch; what follows it is what follows the ordinary one (see TestDrain of the reactions).
        assert told == [{"decision_ids": [str(ids[0])], "customer_ids": [str(found[0]["customer_id"])]}]
        assert rows(lambda: {one.reserved for one in CreditAccount.objects.all()}) == {Decimal("50000.0000")}

    @pytest.mark.parametrize("language", ["en", "zh-CN"])
    @pytest.mark.parametrize("amount", ["120000.00", "3000000.01"])
    def test_what_does_not_pass_is_held_and_put_to_the_same_people(self, company, token, amount, language):
        quick = visited(
            lambda door: door.post("/credit-checks", body(amount, "C001"), token=token, language=language)
        )
        slow = ordinary(token, body(amount, "C002"), language=language)

        found, other = quick.json(), slow.json()
        requests = {
            row.pop("decision_id"): row for row in rows(lambda: list(ApprovalRequest.objects.values()))
        }
        mine, theirs = (requests[UUID(answer["id"])] for answer in (found, other))
        assert not quick.is_from_django
        assert (found["outcome"], found["order_status"], found["reservation"]) == ("hold", "held", None)
        assert found["approval_request"] == str(mine["id"])
        assert common({**found, "approval_request": "…"}) == common({**other, "approval_request": "…"})
        for name in ("id", "subject_id", "reference", "customer_id", "created_at"):
            del mine[name], theirs[name]
        assert mine == theirs
        assert rows(lambda: {one.reserved for one in CreditAccount.objects.all()}) == {Decimal(0)}
        assert rows(lambda: {one.held_at is not None for one in Order.objects.all()}) == {True}

    def test_a_refused_grade_is_rejected_without_a_question(self, company, token):
        customer = rows(lambda: CreditAccount.objects.get(customer__code="C001").customer)
        orders.rating(company, customer, "D", as_of=orders.DAY)

        quick = visited(lambda door: door.post("/credit-checks", body("10.00"), token=token))

        found = quick.json()
        assert (quick.is_from_django, found["outcome"], found["order_status"]) == (
            False,
            "reject",
            "rejected",
        )
        assert found["approval_request"] is None
        assert rows(ApprovalRequest.objects.count) == 0

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"customer": "C404"}, 404),
            ({"amount": "1.005"}, 400),
            ({"amount": "-1"}, 422),
            ({"company": "OTHER"}, 404),
            ({"surprise": 1}, 422),
            ({"control_point": "delivery"}, 404),
        ],
    )
    def test_refusals_are_those_of_the_ordinary_door(self, company, token, fields, status):
        content = {**body(), **fields}

        quick = visited(lambda door: door.post("/credit-checks", content, token=token, key="K-1"))
        slow = ordinary(token, content, key="K-2")

        assert quick.is_from_django
        assert quick.status == slow.status_code
        assert quick.status in (status, slow.status_code)
        assert rows(Decision.objects.count) == 0 or status == 404


class TestKeys:
    def test_the_same_key_gives_the_stored_answer(self, company, token):
        content = body()

        async def twice(door):
            first = await door.post("/credit-checks", content, token=token, key="K-1")
            return first, await door.post("/credit-checks", content, token=token, key="K-1")

        first, again = visited(twice)
        by_django = ordinary(token, content, key="K-1")

        assert again.body == first.body
        assert again.headers["idempotent-replayed"] == "true"
        assert not again.is_from_django
        # What one door answered, the other knows: the body differs in spaces only if the client's does.
        assert by_django.json() == first.json()
        assert rows(Decision.objects.count) == 1

    def test_another_body_under_the_key_is_refused(self, company, token):
        async def twice(door):
            await door.post("/credit-checks", body(), token=token, key="K-1")
            return await door.post("/credit-checks", body(), token=token, key="K-1")

        again = visited(twice)

        assert again.status == 422
        assert again.json()["code"] == "idempotency_key_reused"

    def test_many_copies_at_once_have_one_effect(self, company, token):
        contents = [body("100.00") for _ in range(20)]

        async def storm(door):
            calls = [
                door.post("/credit-checks", content, token=token, key=f"K-{place}")
                for place, content in enumerate(contents)
                for _ in range(5)
            ]
            return await asyncio.gather(*calls)

        replies = visited(storm)

        bodies = {}
        for reply in replies:
            assert reply.status == 201
            bodies.setdefault(reply.json()["reference"], set()).add(reply.body)
        assert {len(found) for found in bodies.values()} == {1}
        assert len(bodies) == 20
        assert rows(Decision.objects.count) == 20
        assert rows(lambda: CreditAccount.objects.get(customer__code="C001").reserved) == Decimal(2000)

    def test_one_order_under_two_keys_at_once_is_checked_twice_and_counted_once(self, company, token):
        async def both(door):
            calls = [
                door.post("/credit-checks", body("50000.00", reference="SO-7"), token=token) for _ in range(2)
            ]
            return await asyncio.gather(*calls)

        replies = visited(both)

        assert [reply.status for reply in replies] == [201, 201]
        assert rows(lambda: CreditAccount.objects.get(customer__code="C001").reserved) == Decimal(50000)
        assert rows(Order.objects.count) == 1


class TestRace:
    def test_the_line_is_never_passed(self, company, token):
        async def storm(door):
            # 84,000 are left and each asks for 9,000: nine pass.
            calls = [door.post("/credit-checks", body("9000.00"), token=token) for _ in range(40)]
            return await asyncio.gather(*calls)

        outcomes = [reply.json()["outcome"] for reply in visited(storm)]

        assert sum(outcome in ("approve", "warn") for outcome in outcomes) == 9
        assert outcomes.count("hold") == 31
        report = verify_exposure.verify_exposure(actor=SYSTEM)
        assert not report.drifts
        assert rows(lambda: CreditAccount.objects.get(customer__code="C001").reserved) == Decimal(81000)

    def test_a_caller_that_goes_away_stops_nobody(self, company, token):
        async def impatient(door):
            gone = [
                asyncio.ensure_future(door.post("/credit-checks", body("10.00"), token=token))
                for _ in range(10)
            ]
            await asyncio.sleep(0.02)
            for one in gone:
                one.cancel()
            await asyncio.gather(*gone, return_exceptions=True)
            return await door.post("/credit-checks", body("10.00"), token=token)

        assert visited(impatient).status == 201


class TestBatch:
    def test_answers_in_order_each_seeing_the_room_before_it(self, company, token):
        checks = [body("30000.00"), body("30000.00"), body("10000.00", "C002")]

        quick = visited(lambda door: door.post("/credit-checks/batch", {"checks": checks}, token=token))

        results = quick.json()["results"]
        assert not quick.is_from_django
        assert [one["reference"] for one in results] == [one["reference"] for one in checks]
        assert [one["headroom_before"] for one in results] == ["84000.00", "54000.00", "84000.00"]

    def test_a_call_with_one_that_does_not_pass_goes_on(self, company, token):
        checks = [body("30000.00"), body("60000.00"), body("20000.00")]

        found = visited(lambda door: door.post("/credit-checks/batch", checks, token=token))

        assert not found.is_from_django
        assert [one["outcome"] for one in found.json()["results"]] == ["approve", "hold", "warn"]
        assert rows(Decision.objects.count) == 3

    def test_a_call_with_one_that_is_not_plain_is_the_ordinary_flows(self, company, token):
        checks = [body("30000.00"), body("60000.00", commit=True, lines=[{"amount": "60000.00"}])]

        found = visited(lambda door: door.post("/credit-checks/batch", checks, token=token))

        assert found.is_from_django
        assert [one["outcome"] for one in found.json()["results"]] == ["approve", "hold"]

    def test_the_same_key_gives_the_whole_stored_answer(self, company, token):
        checks = [body("300.00"), body("200.00")]

        async def twice(door):
            first = await door.post("/credit-checks/batch", checks, token=token, key="K-9")
            return first, await door.post("/credit-checks/batch", checks, token=token, key="K-9")

        first, again = visited(twice)

        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert rows(Decision.objects.count) == 2
