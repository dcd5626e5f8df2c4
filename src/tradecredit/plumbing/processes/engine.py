"""Run a drawn process one step at a time: from its diagram and its state as text to the next state as text.

Note [State as text]
The state is kept in PostgreSQL as text and not as jsonb: jsonb orders keys anew, and the library then loses facts
without a word. The diagram is not part of the state; it is pinned beside it, so a state stays about four kilobytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tradecredit.plumbing.processes.language import Conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.plumbing.processes.language import Evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A task of the process that waits to be completed from outside, with the facts that it sees."""

    node_id: str
    task_id: UUID
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a process has come: its state as text, what waits, which tasks stand completed, which ends were reached."""

    state: str
    waiting: tuple[Waiting, ...]
    completed: tuple[UUID, ...]
    ends: tuple[str, ...]
    is_done: bool


class _Parser(BpmnParser):  # type: ignore[misc] # the library is untyped
    """Services and tables wait like people's tasks: the caller runs what is registered and completes them."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("serviceTask"): (TaskParser, UserTask),
        full_tag("businessRuleTask"): (TaskParser, UserTask),
        full_tag("manualTask"): (TaskParser, UserTask),
    }


class _Converter(BpmnWorkflowConverter):  # type: ignore[misc] # the library is untyped
    """Leave the diagram out of the state, and take it from the caller when the state is read."""

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        found: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        return found

    def from_dict(self, dct: dict[str, Any], spec: Any = None) -> Any:
        workflow = self.target_class(spec, {}, deserializing=True)
        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(dct["root"])]
        self.set_default_attributes(workflow, dct)
        return workflow


_REGISTRY: Final = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: _Converter})


def start(*, diagram: str, facts: Mapping[str, Any], evaluate: Evaluate) -> Progress:
    """Begin a process and go on until it waits or ends; the diagram has been looked over by the caller."""
    workflow = BpmnWorkflow(_spec(diagram), script_engine=Conditions(evaluate))
    workflow.task_tree.data.update(facts)
    return _run(workflow)


def complete(
    *, diagram: str, state: str, task_id: UUID, facts: Mapping[str, Any], evaluate: Evaluate
) -> Progress:
    """Complete a waiting task with the facts that it brought, and go on; raises KeyError for one that does not wait."""
    workflow = _restored(diagram, state, evaluate)
    task = workflow.tasks[task_id]
    if not task.has_state(TaskState.READY):
        raise KeyError(task_id)
    task.data.update(facts)
    task.run()
    return _run(workflow)


def go_back(*, diagram: str, state: str, node_id: str, evaluate: Evaluate) -> Progress:
    """Open a task again that was completed, and take back what came after it; raises KeyError for one that was not."""
    workflow = _restored(diagram, state, evaluate)
    done = [one for one in workflow.get_tasks(state=TaskState.COMPLETED) if one.task_spec.name == node_id]
    if not done:
        raise KeyError(node_id)
    workflow.reset_from_task_id(done[-1].id)
    return _run(workflow)


def waiting(*, diagram: str, state: str, evaluate: Evaluate) -> Progress:
    """Return how far a stored process has come, changing nothing."""
    return _progress(_restored(diagram, state, evaluate))


def _run(workflow: Any) -> Progress:
    workflow.do_engine_steps()
    return _progress(workflow)


def _progress(workflow: Any) -> Progress:
    # Looked through as they lie: walking the tree costs a third of a step, and a flow has no tree below its tasks.
    tasks = list(workflow.tasks.values())
    ready = [one for one in tasks if one.has_state(TaskState.READY)]
    done = [one for one in tasks if one.has_state(TaskState.COMPLETED)]
    return Progress(
        state=json.dumps(_REGISTRY.convert(workflow), ensure_ascii=False, separators=(",", ":")),
        waiting=tuple(
            Waiting(node_id=one.task_spec.name, task_id=one.id, facts=dict(one.data)) for one in ready
        ),
        completed=tuple(one.id for one in done if isinstance(one.task_spec, UserTask)),
        ends=tuple(one.task_spec.name for one in done if isinstance(one.task_spec, EndEvent)),
        is_done=workflow.completed,
    )


def _restored(diagram: str, state: str, evaluate: Evaluate) -> Any:
    workflow = _REGISTRY.restore(json.loads(state), spec=_spec(diagram))
    workflow.script_engine = Conditions(evaluate)
    return workflow


@lru_cache(maxsize=256)
def _spec(diagram: str) -> Any:
    """Read a diagram once; what it is read into is not changed by running it."""
    safe = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    parser = _Parser()
    parser.add_bpmn_xml(etree.fromstring(diagram.encode("utf-8"), parser=safe))
    (process_id,) = parser.process_parsers
    return parser.get_spec(process_id)
