"""Walk a flow in shadow with a yes at every step, and put down on the request whom it would have asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.approvals import flow_operations, flow_queries
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.core.approvals.diagrams import reading, vocabulary
from tradecredit.flows.processes import ask_table, course, flow_facts
from tradecredit.plumbing.processes import engine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.diagrams.reading import Diagram, Node
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.processes.engine import Progress, Waiting

KIND: Final = "shadow"
# A picture without an end to its way is refused by lint; a loop with a yes at every step still has one.
_MOST_STEPS: Final = 100
_ARROW: Final = " → "


def note(request: RequestRecord, *, text: str, tables: Mapping[str, str], day: date, actor: Actor) -> None:
    """Put down once what a flow in shadow would have done with a request; nothing else changes."""
    key = f"{KIND}:{request.id}"
    if flow_queries.known_keys([key]):
        return
    way = _ARROW.join(_walked(request, text=text, tables=tables, day=day))
    flow_operations.note(
        company_id=request.company_id,
        request_id=request.id,
        notes=[NewNote(kind=KIND, text=way, once_key=key)],
        actor=actor,
    )


def _walked(request: RequestRecord, *, text: str, tables: Mapping[str, str], day: date) -> list[str]:
    diagram = course.drawn(text)
    facts = flow_facts.gather(request, day=day, diagram=diagram)
    progress = engine.start(diagram=text, facts=facts, evaluate=vocabulary.holds)
    names: list[str] = []
    while not progress.is_done and len(names) < _MOST_STEPS:
        waiting = progress.waiting[0]
        node = diagram.nodes[waiting.node_id]
        names += [] if node.type == reading.TABLE else [_said(node)]
        progress = _on(text, progress, waiting, answer=_answer(node, waiting, tables=tables))
    return names + [_said(diagram.nodes[one]) for one in _ends(diagram, progress)]


def _answer(node: Node, waiting: Waiting, *, tables: Mapping[str, str]) -> Mapping[str, Any]:
    if node.type == reading.TABLE:
        return ask_table.answer(node, tables=tables, facts=waiting.facts)
    if node.type == reading.SERVICE:
        # Nobody outside is asked for a rehearsal: the way is the one that a silent other side would take.
        return {vocabulary.ANSWERED: "failed"}
    return {vocabulary.DECIDED: "approved"}


def _on(text: str, progress: Progress, waiting: Waiting, *, answer: Mapping[str, Any]) -> Progress:
    return engine.complete(
        diagram=text,
        state=progress.state,
        task_id=waiting.task_id,
        facts=answer,
        evaluate=vocabulary.holds,
    )


def _ends(diagram: Diagram, progress: Progress) -> list[str]:
    return [one for one in progress.ends if diagram.nodes[one].type == reading.END]


def _said(node: Node) -> str:
    words = node.words
    return words.zh if words.zh == words.en else f"{words.zh} / {words.en}"
