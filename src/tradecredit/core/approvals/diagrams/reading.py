"""Read a BPMN 2.0 diagram as frozen values: its nodes, its arrows, how many of each, and what cannot run here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import xml_text
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OURS: Final = "urn:tradecredit:flow:1"

START: Final = "startEvent"
END: Final = "endEvent"
PERSON: Final = "userTask"
SERVICE: Final = "serviceTask"
TABLE: Final = "businessRuleTask"
EXCLUSIVE: Final = "exclusiveGateway"
PARALLEL: Final = "parallelGateway"
INCLUSIVE: Final = "inclusiveGateway"
RUNNABLE: Final = frozenset(
    {START, END, PERSON, SERVICE, TABLE, EXCLUSIVE, PARALLEL, INCLUSIVE, "manualTask"}
)
# What a model is counted by: the elements that people see in the picture.
COUNTED: Final = frozenset(
    {
        *(
            "process",
            "lane",
            "sequenceFlow",
            "messageFlow",
            "dataObject",
            "dataStoreReference",
            "textAnnotation",
        ),
        *("task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask"),
        *("receiveTask", "callActivity", "subProcess", "adHocSubProcess", "transaction"),
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"),
    }
)
_SILENT: Final = frozenset(
    {"process", "sequenceFlow", "lane", "dataObject", "dataStoreReference", "textAnnotation"}
)
_EVENT_DEFINITION: Final = "EventDefinition"
_LOOPS: Final = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})


class UnableToReadFlowError(UnableToError):
    """The text is no BPMN diagram, or no safe XML."""

    code = "flow_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box, circle or diamond; ``properties`` are our own attributes without their prefix."""

    id: str
    type: str
    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
    default: str = ""

    @property
    def words(self) -> Words:
        """Return what the node is called, the identifier where it has no name."""
        name = self.name or self.id
        return Words(zh=name, en=self.properties.get("nameEn", name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One sequence flow; ``condition`` is a text of the policy language, empty where there is none."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """An element that is kept and shown but cannot run here."""

    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A diagram: ``process_id`` is the first process; nodes and arrows are those of its top level.

    ``is_shadow`` says that it is only rehearsed: it puts down whom it would ask, and asks nobody.
    """

    process_id: str
    processes: int
    nodes: Mapping[str, Node]
    arrows: tuple[Arrow, ...]
    counts: Mapping[str, int]
    odd: tuple[Odd, ...]
    is_shadow: bool = False

    def leaving(self, node_id: str) -> tuple[Arrow, ...]:
        """Return the arrows that leave a node, in the order of the file."""
        return tuple(one for one in self.arrows if one.source == node_id)

    def entering(self, node_id: str) -> tuple[Arrow, ...]:
        """Return the arrows that lead to a node."""
        return tuple(one for one in self.arrows if one.target == node_id)

    def of_type(self, *types: str) -> tuple[Node, ...]:
        """Return the nodes of some types, in the order of the file."""
        return tuple(one for one in self.nodes.values() if one.type in types)


def read(text: str) -> Diagram:
    """Read a diagram; raises UnableToReadFlowError for what is no BPMN or no safe XML."""
    try:
        root = xml_text.read(text)
    except UnableToReadModelError as error:
        raise UnableToReadFlowError(error.words) from error
    if xml_text.tag(root) != "definitions" or xml_text.namespace(root) != BPMN:
        raise UnableToReadFlowError(
            Words(
                zh="这不是 BPMN 2.0 流程图（根元素须为 definitions）。",
                en="This is no BPMN 2.0 diagram: its root is not definitions.",
            )
        )
    processes = [one for one in root if xml_text.tag(one) == "process" and xml_text.namespace(one) == BPMN]
    if not processes:
        raise UnableToReadFlowError(Words(zh="图中没有流程（process）。", en="The diagram holds no process."))
    first = processes[0]
    return Diagram(
        process_id=first.get("id", ""),
        processes=len(processes),
        nodes={one.id: one for one in map(_node, first) if one is not None},
        arrows=tuple(_arrow(one) for one in xml_text.children(first, "sequenceFlow")),
        counts=dict(sorted(_counted(root).items())),
        odd=tuple(_odd(root)),
        is_shadow=_properties(first).get("shadow") == "true",
    )


def _counted(root: Element) -> Counter[str]:
    names = (xml_text.tag(one) for one in root.iter() if xml_text.namespace(one) == BPMN)
    return Counter(name for name in names if name in COUNTED)


def _node(element: Element) -> Node | None:
    kind = xml_text.tag(element)
    if kind in _SILENT or kind not in COUNTED:
        return None
    return Node(
        id=element.get("id", ""),
        type=kind,
        name=(element.get("name") or "").strip(),
        properties=_properties(element),
        default=element.get("default", ""),
    )


def _properties(element: Element) -> dict[str, str]:
    ours = "{" + OURS + "}"
    return {
        name.removeprefix(ours): value.strip()
        for name, value in element.attrib.items()
        if name.startswith(ours)
    }


def _arrow(element: Element) -> Arrow:
    condition = xml_text.child(element, "conditionExpression")
    return Arrow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=(element.get("name") or "").strip(),
        condition="" if condition is None else (condition.text or "").strip(),
    )


def _odd(root: Element) -> list[Odd]:
    """Return what is drawn and cannot run: other elements, events of other kinds, loops, messages."""
    found = []
    for element in root.iter():
        if xml_text.namespace(element) != BPMN:
            continue
        kind = xml_text.tag(element)
        inner = [xml_text.tag(one) for one in element]
        events = [one for one in inner if one.endswith(_EVENT_DEFINITION)]
        loops = [one for one in inner if one in _LOOPS]
        is_drawn = kind in COUNTED and kind not in _SILENT
        if is_drawn and (kind not in RUNNABLE or events or loops):
            said = "/".join((kind, *events, *loops))
            found.append(Odd(type=said, id=element.get("id", ""), name=element.get("name", "")))
    return found
