"""Drawn flows for tests: a chain of tasks, or any nodes and arrows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from factories import policies
from tradecredit.integrations import policy_packs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.plumbing.access.models import Company

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:tc="urn:tradecredit:flow:1" id="d"'
    ' targetNamespace="urn:tradecredit:flow:1"><bpmn:process id="p" isExecutable="true">'
)
_TAIL = "</bpmn:process></bpmn:definitions>"


def person(**said: str) -> dict[str, str]:
    """A task of a person: ``person(roles="cfo")``, ``person(who="rule")``."""
    return {"type": "userTask", **({"who": "role"} if "who" not in said else {}), **said}


def diagram(nodes: Mapping[str, Mapping[str, str]], arrows: Sequence[tuple[str, ...]]) -> str:
    """Nodes by identifier with their type and our attributes; arrows as (source, target[, condition])."""
    names = [f"f{number}" for number in range(len(arrows))]
    defaults = {
        source: name
        for name, (source, _, *condition) in zip(names, arrows, strict=True)
        if not condition and nodes[source]["type"] in {"exclusiveGateway", "inclusiveGateway"}
    }
    body = []
    for node_id, said in nodes.items():
        ours = "".join(f" tc:{key}={quoteattr(value)}" for key, value in said.items() if key != "type")
        default = f' default="{defaults[node_id]}"' if node_id in defaults else ""
        body.append(f'<bpmn:{said["type"]} id="{node_id}" name="{node_id}"{default}{ours}/>')
    for name, (source, target, *condition) in zip(names, arrows, strict=True):
        inner = "".join(
            f"<bpmn:conditionExpression>{escape(one)}</bpmn:conditionExpression>" for one in condition
        )
        body.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return _HEAD + "".join(body) + _TAIL


def chain(**tasks: Mapping[str, str]) -> str:
    """A start, the tasks one after another, an approval."""
    nodes = {
        "start": {"type": "startEvent"},
        **tasks,
        "approved": {"type": "endEvent", "outcome": "approved"},
    }
    order = list(nodes)
    return diagram(nodes, list(itertools.pairwise(order)))


def in_force(company: Company, *, pack: str = "five-pillars", **flows: str) -> StoredPolicy:
    """Publish a pack whose flows are these, by kind of request."""
    return policies.published(company, document={**policy_packs.load_pack(pack), "flows": flows})
