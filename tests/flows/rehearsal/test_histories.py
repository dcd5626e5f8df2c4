from __future__ import annotations

from tradecredit.flows.rehearsal import histories
from tradecredit.flows.rehearsal.histories import Transaction


def did(number, *, reads=None, appends=()):
    return Transaction(id=number, reads=reads or {}, appends=dict.fromkeys(appends, number))


class TestAnomalies:
    def test_finds_none_where_one_came_after_the_other(self):
        history = [
            did(1, reads={"x": ()}, appends=("x",)),
            did(2, reads={"x": (1,)}, appends=("x", "y")),
            did(3, reads={"x": (1, 2), "y": (2,)}),
        ]

        assert histories.anomalies(history, lists={"x": (1, 2), "y": (2,)}).count == 0

    def test_finds_lists_written_in_two_orders(self):
        history = [did(1, appends=("x", "y")), did(2, appends=("x", "y"))]

        found = histories.anomalies(history, lists={"x": (1, 2), "y": (2, 1)})

        assert set(found.circles) == {"G0"}

    def test_finds_those_that_each_saw_the_other(self):
        history = [did(1, reads={"y": (2,)}, appends=("x",)), did(2, reads={"x": (1,)}, appends=("y",))]

        found = histories.anomalies(history, lists={"x": (1,), "y": (2,)})

        assert set(found.circles) == {"G1"}

    def test_finds_those_that_each_missed_the_other(self):
        history = [did(1, reads={"y": ()}, appends=("x",)), did(2, reads={"x": ()}, appends=("y",))]

        found = histories.anomalies(history, lists={"x": (1,), "y": (2,)})

        assert set(found.circles) == {"G2"}
        assert set(found.circles["G2"]) == {1, 2}

    def test_finds_a_read_of_what_never_was(self):
        history = [did(1, appends=("x",)), did(2, appends=("x",)), did(3, reads={"x": (2, 1)})]

        assert histories.anomalies(history, lists={"x": (1, 2)}).torn_reads == (
            "3 read x as no state of it was",
        )

    def test_finds_a_read_of_what_nobody_committed(self):
        found = histories.anomalies([did(3, reads={"x": (9,)})], lists={"x": (9,)})

        assert found.torn_reads == ("3 read of x what nobody committed",)
