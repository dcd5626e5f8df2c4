from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import NamedTuple

from tradecredit.doors.api.fast_combiner import Combiner
from tradecredit.flows.orders.quick_values import ELSEWHERE, Answer


class Asked(NamedTuple):
    """As much of a check as the combiner looks at."""

    key: str
    reference: str
    scope: str = "caller"
    company: object = SimpleNamespace(code="DEMO")


class Desk:
    """A desk that notes its batches and waits until it may answer."""

    def __init__(self):
        self.batches = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fails = False

    async def work(self, asked):
        """Settle what came together: each a check, or the checks of a call."""
        self.batches.append([one.reference for call in asked for one in call])
        await self.may_answer.wait()
        if self.fails:
            raise RuntimeError("示例")
        return [Answer(201, call[0].reference) for call in asked]


def run(work, most=128):
    async def inside():
        desk = Desk()
        return await work(desk, Combiner([desk.work], most=most)), desk

    return asyncio.run(inside())


class TestSettle:
    def test_what_arrives_in_one_turn_goes_together(self):
        async def work(desk, combiner):
            return await asyncio.gather(*(combiner.settle((Asked(f"K{n}", f"R{n}"),)) for n in range(3)))

        answers, desk = run(work)

        assert [answer.body for answer in answers] == ["R0", "R1", "R2"]
        assert desk.batches == [["R0", "R1", "R2"]]

    def test_what_arrives_meanwhile_waits_and_goes_together(self):
        async def work(desk, combiner):
            desk.may_answer.clear()
            first = asyncio.ensure_future(combiner.settle((Asked("K0", "R0"),)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            others = [asyncio.ensure_future(combiner.settle((Asked(f"K{n}", f"R{n}"),))) for n in (1, 2)]
            await asyncio.sleep(0)
            desk.may_answer.set()
            return await asyncio.gather(first, *others)

        _, desk = run(work)

        assert desk.batches == [["R0"], ["R1", "R2"]]

    def test_a_key_and_a_document_are_in_one_batch_once(self):
        async def work(desk, combiner):
            asked = [Asked("K1", "R1"), Asked("K1", "R1"), Asked("K2", "R1"), Asked("K3", "R3")]
            return await asyncio.gather(*(combiner.settle((one,)) for one in asked))

        _, desk = run(work)

        assert desk.batches == [["R1", "R3"], ["R1"], ["R1"]]

    def test_one_that_gave_up_before_its_turn_is_left_out(self):
        async def work(desk, combiner):
            desk.may_answer.clear()
            first = asyncio.ensure_future(combiner.settle((Asked("K0", "R0"),)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            gone = asyncio.ensure_future(combiner.settle((Asked("K1", "R1"),)))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(0)
            desk.may_answer.set()
            await first
            return await combiner.settle((Asked("K2", "R2"),))

        answer, desk = run(work)

        assert answer.body == "R2"
        assert desk.batches == [["R0"], ["R2"]]

    def test_one_that_gives_up_under_way_leaves_the_others_their_answers(self):
        async def work(desk, combiner):
            desk.may_answer.clear()
            both = [asyncio.ensure_future(combiner.settle((Asked(f"K{n}", f"R{n}"),))) for n in range(2)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            both[0].cancel()
            desk.may_answer.set()
            return await asyncio.gather(*both, return_exceptions=True)

        (gone, answered), _ = run(work)

        assert isinstance(gone, asyncio.CancelledError)
        assert answered.body == "R1"

    def test_a_desk_that_fails_leaves_its_batch_to_the_ordinary_door_and_goes_on(self):
        async def work(desk, combiner):
            desk.fails = True
            first = await combiner.settle((Asked("K1", "R1"),))
            desk.fails = False
            return first, await combiner.settle((Asked("K1", "R1"),))

        (first, second), _ = run(work)

        assert first is ELSEWHERE
        assert second.body == "R1"


class TestCalls:
    """Calls of three orders each, R1 to R3 in the first."""

    @staticmethod
    def call(number, *references):
        keys = (f"K{number}", None, None)
        return [Asked(key, reference) for key, reference in zip(keys, references, strict=True)]

    def test_go_together_up_to_so_many_orders(self):
        async def work(desk, combiner):
            calls = [self.call(n, *(f"R{n}{place}" for place in "abc")) for n in range(3)]
            return await asyncio.gather(*(combiner.settle(one) for one in calls))

        answers, desk = run(work, most=6)

        assert [answer.body for answer in answers] == ["R0a", "R1a", "R2a"]
        assert [len(batch) for batch in desk.batches] == [6, 3]

    def test_a_call_larger_than_that_goes_alone(self):
        async def work(desk, combiner):
            calls = [self.call(n, *(f"R{n}{place}" for place in "abc")) for n in range(2)]
            return await asyncio.gather(*(combiner.settle(one) for one in calls))

        _, desk = run(work, most=2)

        assert [len(batch) for batch in desk.batches] == [3, 3]

    def test_two_with_an_order_or_a_key_in_common_do_not_go_together(self):
        async def work(desk, combiner):
            calls = [
                self.call(1, "R1", "R2", "R3"),
                self.call(2, "R4", "R5", "R3"),
                self.call(1, "R6", "R7", "R8"),
            ]
            return await asyncio.gather(*(combiner.settle(one) for one in calls))

        _, desk = run(work)

        assert desk.batches == [["R1", "R2", "R3"], ["R4", "R5", "R3", "R6", "R7", "R8"]]
