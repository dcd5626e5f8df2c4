"""Processes run step by step from text to text; nothing in a diagram runs but its conditions."""

from __future__ import annotations

import pytest

from factories import flows
from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.plumbing.processes import engine

START = {"type": "startEvent"}
APPROVED = {"type": "endEvent", "outcome": "approved"}
CFO = flows.person(roles="cfo")
FORKED = flows.diagram(
    {
        "start": START,
        "one": CFO,
        "way": {"type": "exclusiveGateway"},
        "two": CFO,
        "fork": {"type": "parallelGateway"},
        "left": CFO,
        "right": CFO,
        "join": {"type": "parallelGateway"},
        "approved": APPROVED,
    },
    [
        ("start", "one"),
        ("one", "way"),
        ("way", "two"),
        ("way", "fork", "amount <= 100"),
        ("two", "approved"),
        ("fork", "left"),
        ("fork", "right"),
        ("left", "join"),
        ("right", "join"),
        ("join", "approved"),
    ],
)


def begun(amount, text=FORKED):
    return engine.start(diagram=text, facts={"amount": amount}, evaluate=vocabulary.holds)


def next_of(progress, node_id=None, text=FORKED):
    waiting = next(one for one in progress.waiting if node_id in {None, one.node_id})
    return engine.complete(
        diagram=text, state=progress.state, task_id=waiting.task_id, facts={}, evaluate=vocabulary.holds
    )


def nodes(progress):
    return [one.node_id for one in progress.waiting]


class TestStart:
    def test_waits_at_the_first_task_with_the_facts(self):
        progress = begun("100.00")
        assert nodes(progress) == ["one"]
        assert progress.waiting[0].facts == {"amount": "100.00"}


class TestComplete:
    @pytest.mark.parametrize(("amount", "expected"), [("100.00", ["left", "right"]), ("100.01", ["two"])])
    def test_takes_the_way_whose_condition_holds(self, amount, expected):
        assert nodes(next_of(begun(amount))) == expected

    def test_joins_what_was_forked(self):
        progress = next_of(next_of(begun("5")), "right")
        assert nodes(progress) == ["left"]
        done = next_of(progress)
        assert (done.is_done, done.ends) == (True, ("approved",))

    def test_refuses_a_task_that_is_done(self):
        progress = begun("5")
        task = progress.waiting[0].task_id
        after = next_of(progress)
        with pytest.raises(KeyError):
            engine.complete(
                diagram=FORKED, state=after.state, task_id=task, facts={}, evaluate=vocabulary.holds
            )


class TestGoBack:
    def test_opens_a_task_again_and_takes_back_what_followed(self):
        progress = next_of(next_of(begun("5")), "left")
        back = engine.go_back(diagram=FORKED, state=progress.state, node_id="one", evaluate=vocabulary.holds)
        assert (nodes(back), back.completed) == (["one"], ())
        assert nodes(next_of(back)) == ["left", "right"]


class TestLanguage:
    def test_runs_no_script_even_where_nobody_looked(self, tmp_path):
        trap = tmp_path / "trap"
        text = flows.chain(one={"type": "scriptTask"}).replace(
            'name="one"/>',
            f'name="one"><bpmn:script>open({str(trap)!r}, "w")</bpmn:script></bpmn:scriptTask>',
        )
        with pytest.raises(Exception, match="scripts do not run here"):
            begun("5", text)
        assert not trap.exists()

    def test_reads_conditions_as_the_policy_language_and_never_as_python(self, tmp_path):
        trap = tmp_path / "trap"
        text = FORKED.replace("amount &lt;= 100", f"open({str(trap)!r}, 'w')")
        with pytest.raises(Exception, match="cannot be evaluated"):
            next_of(begun("5", text), text=text)
        assert not trap.exists()
