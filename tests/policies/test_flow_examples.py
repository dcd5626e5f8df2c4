"""Every pack's flows take the ways that its examples promise, each way is taken, and stopping changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tradecredit.core.approvals.diagrams import flows, reading, vocabulary
from tradecredit.integrations import policy_packs
from tradecredit.plumbing.processes import engine
from tradecredit.plumbing.processes.language import Conditions

# What all packs draw alike has examples beside them: they are tried once, on the first pack.
SHARED = policy_packs.SHARED
PACK = policy_packs.pack_names()[0]
EXAMPLES = [
    pytest.param(path.parents[2].name, policy_packs.read_yaml(path), id=f"{path.parents[2].name}/{path.stem}")
    for path in sorted(policy_packs.folder().glob("*/examples/flows/*.yaml"))
]


def walked(text: str, facts: dict[str, Any]) -> tuple[list[str], str]:
    """The nodes that waited, in order, and the outcome; kept as text and restored at every step."""
    known = {**dict.fromkeys(vocabulary.FACTS), **facts}
    progress = engine.start(diagram=text, facts=known, evaluate=vocabulary.holds)
    taken = []
    while not progress.is_done:
        waiting = progress.waiting[0]
        taken.append(waiting.node_id)
        progress = engine.complete(
            diagram=text,
            state=progress.state,
            task_id=waiting.task_id,
            facts={"decision": "approved"},
            evaluate=vocabulary.holds,
        )
    return taken, reading.read(text).nodes[progress.ends[0]].properties["outcome"]


def without_stopping(text: str, facts: dict[str, Any]) -> list[str]:
    """The nodes that waited when the library runs the same diagram in one go."""
    workflow = BpmnWorkflow(engine._spec(text), script_engine=Conditions(vocabulary.holds))
    workflow.task_tree.data.update({**dict.fromkeys(vocabulary.FACTS), **facts})
    workflow.do_engine_steps()
    taken = []
    while ready := workflow.get_tasks(state=TaskState.READY):
        taken.append(ready[0].task_spec.name)
        ready[0].data["decision"] = "approved"
        ready[0].run()
        workflow.do_engine_steps()
    return taken


class TestFlowExamples:
    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_take_the_way_that_the_pack_promises(self, pack, example):
        drawn = policy_packs.load_pack(PACK if pack == SHARED else pack)["flows"]

        for one in example["flows"]:
            assert walked(drawn[one["kind"]], one["facts"]) == (one["steps"], one["outcome"]), one
            assert without_stopping(drawn[one["kind"]], one["facts"]) == one["steps"], one

    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_reach_every_box_and_every_end(self, pack):
        drawn = policy_packs.load_pack(pack)["flows"]
        seen: dict[str, set[str]] = {kind: set() for kind in drawn}
        for param in EXAMPLES:
            if param.values[0] in {pack, SHARED}:
                for one in param.values[1]["flows"]:
                    seen[one["kind"]] |= {*one["steps"], one["outcome"]}

        for kind, text in drawn.items():
            nodes = reading.read(text)
            boxes = {one.id for one in nodes.of_type(reading.PERSON, reading.SERVICE)}
            ends = {one.properties["outcome"] for one in nodes.of_type(reading.END)}
            assert seen[kind] == boxes | ends, kind

    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_are_sound(self, pack):
        document = policy_packs.load_pack(pack)
        found = [
            flows.findings(text, tables=document.get("tables", {})) for text in document["flows"].values()
        ]
        assert [one for one in found if one] == []
