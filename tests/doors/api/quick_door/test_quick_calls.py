"""Several calls of many orders in one transaction: each all or none, and none spoils another."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from factories.quick_door import visited
from factories.quick_door_calls import SYSTEM, body, rows
from tradecredit.apps.decisions.models import Decision
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.orders.models import Order
from tradecredit.flows.orders import verify_exposure
from tradecredit.flows.orders.quick_batches import Desk
from tradecredit.flows.orders.quick_values import ELSEWHERE, Asked
from tradecredit.plumbing import clock
from tradecredit.plumbing.idempotency.models import IdempotencyRecord
from tradecredit.plumbing.outbox.models import Event


def order(company, reference, amount, customer="C001", *, key=None, request_hash="0"):
    return Asked(
        company, customer, reference, amount * 10_000, "CNY", None, clock.today(company), "en", str(SYSTEM.user_id),
        key, request_hash, SYSTEM.user_id, SYSTEM.name,
    )  # fmt: skip


def at_desk(*calls):
    async def run():
        with ThreadPoolExecutor(1) as aside:
            desk = Desk(aside)
            try:
                return await desk.check_calls(calls)
            finally:
                await desk.close()

    return asyncio.run(run())


def rooms(answer):
    return [one["headroom_before"] for one in json.loads(answer.body)["results"]]


def references():
    return rows(lambda: sorted(Order.objects.values_list("reference", flat=True)))


def taken(code="C001"):
    return rows(lambda: CreditAccount.objects.get(customer__code=code).reserved)


class TestCheckCalls:
    def test_share_a_transaction_each_seeing_the_room_before_it(self, company):
        answers = at_desk(
            [order(company, "A1", 10_000, key="K1"), order(company, "A2", 20_000)],
            [order(company, "B1", 30_000, key="K2"), order(company, "B2", 5_000, "C002")],
        )

        assert [rooms(one) for one in answers] == [["84000.00", "74000.00"], ["54000.00", "84000.00"]]
        assert (taken(), taken("C002")) == (Decimal(60_000), Decimal(5_000))
        assert rows(lambda: list(Event.objects.values_list("name", flat=True))) == ["orders.checked"]
        assert rows(lambda: sorted(IdempotencyRecord.objects.values_list("key", flat=True))) == ["K1", "K2"]
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole

    def test_a_call_that_is_the_ordinary_flows_takes_no_room_from_the_next(self, company):
        answers = at_desk(
            [order(company, "A1", 10_000, key="K1"), order(company, "A2", 20_000, "NOBODY")],
            [order(company, "B1", 30_000, key="K2")],
        )

        assert answers[0] is ELSEWHERE
        assert rooms(answers[1]) == ["84000.00"]
        assert (references(), taken()) == (["B1"], Decimal(30_000))
        assert rows(Decision.objects.count) == 1

    def test_one_key_in_two_calls_has_one_effect(self, company):
        answers = at_desk(
            [order(company, "A1", 10_000, key="K1")],
            [order(company, "B1", 30_000, key="K2")],
            [order(company, "C1", 20_000, key="K1", request_hash="1")],
        )

        assert [rooms(one) for one in answers[:2]] == [["84000.00"], ["74000.00"]]
        assert answers[2] is ELSEWHERE
        assert (references(), taken()) == (["A1", "B1"], Decimal(40_000))

    def test_the_same_call_twice_is_counted_once(self, company):
        """The second goes to the ordinary door, which finds the first one's answer under the key."""
        call = [order(company, "A1", 10_000, key="K1")]

        answers = at_desk(call, call)

        assert rooms(answers[0]) == ["84000.00"]
        assert answers[1] is ELSEWHERE
        assert taken() == Decimal(10_000)

    def test_a_call_that_was_answered_before_is_told_again_beside_a_new_one(self, company):
        call = [order(company, "A1", 10_000, key="K1")]
        (first,) = at_desk(call)

        again, new = at_desk(call, [order(company, "B1", 30_000, key="K2")])

        assert (again.body, again.is_replayed) == (first.body, True)
        assert rooms(new) == ["74000.00"]

    def test_one_number_in_two_calls_is_the_ordinary_flows_the_second_time(self, company):
        answers = at_desk(
            [order(company, "A1", 10_000, key="K1")],
            [order(company, "B1", 30_000, key="K2"), order(company, "A1", 20_000, "C002")],
            [order(company, "C1", 20_000, key="K3")],
        )

        assert answers[1] is ELSEWHERE
        assert [rooms(answers[place]) for place in (0, 2)] == [["84000.00"], ["74000.00"]]
        assert references() == ["A1", "C1"]

    def test_what_is_held_asks_people_once_and_a_call_that_is_dropped_asks_nobody(self, company):
        answers = at_desk(
            [order(company, "A1", 90_000, key="K1"), order(company, "A2", 1, "NOBODY")],
            [order(company, "B1", 90_000, key="K2")],
            [order(company, "C1", 80_000, key="K3")],
        )

        assert answers[0] is ELSEWHERE
        outcomes = [json.loads(one.body)["results"][0]["outcome"] for one in answers[1:]]
        assert outcomes[0] == "hold"
        assert outcomes[1] in {"approve", "warn"}
        assert references() == ["B1", "C1"]


class TestAtOnce:
    def test_calls_that_arrive_at_once_are_answered_like_calls_one_after_the_other(self, company, token):
        async def storm(door):
            calls = [[body("4000.00"), body("3000.00", "C002")] for _ in range(12)]
            asked = [door.post("/credit-checks/batch", {"checks": one}, token=token) for one in calls]
            return await asyncio.gather(*asked)

        replies = visited(storm)

        assert {(reply.status, reply.is_from_django) for reply in replies} == {(201, False)}
        before = sorted(Decimal(reply.json()["results"][0]["headroom_before"]) for reply in replies)
        assert before == [Decimal(84_000 - 4_000 * step) for step in range(11, -1, -1)]
        assert (taken(), taken("C002")) == (Decimal(48_000), Decimal(36_000))
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
