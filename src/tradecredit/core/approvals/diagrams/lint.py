"""Look over a flow before it may be published: no dead end, no gateway without default, no task for nobody, no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tradecredit.core.approvals.diagrams import assignment, reading, vocabulary
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tradecredit.core.approvals.diagrams.reading import Diagram, Node

# What a service task may do; whatever else a diagram names is refused.
SERVICES: Final[dict[str, Words]] = {
    "notify": Words(zh="通知", en="Notify"),
    "rerate": Words(zh="重新评级", en="Rate again"),
    "check": Words(zh="复查额度与账款", en="Look at line and receivables again"),
    "bureau": Words(zh="查询征信", en="Ask a bureau"),
    "http": Words(zh="调用登记的接口", en="Call a registered interface"),
}
# What a service has to be told beside its name.
_NEEDS: Final[dict[str, tuple[str, ...]]] = {"bureau": ("provider",), "http": ("call", "result")}
OUTCOMES: Final = ("approved", "rejected")
_CHOOSING: Final = (reading.EXCLUSIVE, reading.INCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake, with the element that it is about (empty for the whole diagram)."""

    code: str
    element: str
    words: Words


def look_over(diagram: Diagram, *, tables: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return every mistake of a flow that is to run, in the order of the diagram; nothing when it is sound."""
    return (
        *_whole(diagram),
        *_odd(diagram),
        *_joined(diagram),
        *_nodes(diagram, tables),
        *_conditions(diagram),
    )


def _whole(diagram: Diagram) -> Iterator[Finding]:
    if diagram.processes != 1:
        yield _finding("one_process", "", "须恰有一个流程(泳池)。", "Draw exactly one process (pool).")
    if len(diagram.of_type(reading.START)) != 1:
        yield _finding("one_start", "", "须恰有一个开始事件。", "Draw exactly one start event.")
    if not diagram.of_type(reading.END):
        yield _finding("no_end", "", "没有结束事件。", "Draw an end event.")
    outcomes = {one.properties.get("outcome") for one in diagram.of_type(reading.END)}
    if diagram.of_type(reading.END) and "approved" not in outcomes:
        yield _finding("never_approved", "", "没有任何一条路通向批准。", "No path leads to an approval.")


def _odd(diagram: Diagram) -> Iterator[Finding]:
    for one in diagram.odd:
        if one.type.startswith("scriptTask"):
            yield _finding(
                "script", one.id, "流程中不允许脚本。", "A flow runs no script: use the policy language."
            )
            continue
        yield _finding(
            "not_runnable",
            one.id,
            f"元素 {one.type} 不能在此运行。",
            f"The element {one.type} cannot run here.",
        )


def _joined(diagram: Diagram) -> Iterator[Finding]:
    """Yield dead ends, what nothing leads to, and arrows into nowhere."""
    for arrow in diagram.arrows:
        if arrow.source not in diagram.nodes or arrow.target not in diagram.nodes:
            yield _finding(
                "loose_arrow", arrow.id, "箭头没有接到节点上。", "The arrow does not join two nodes."
            )
    reached = _reached(diagram)
    for node in diagram.nodes.values():
        if node.type != reading.END and not diagram.leaving(node.id):
            yield _finding(
                "dead_end", node.id, f"“{node.words.zh}”之后没有去路。", f"Nothing follows “{node.words.en}”."
            )
        if node.id not in reached:
            yield _finding(
                "unreached", node.id, f"没有路通向“{node.words.zh}”。", f"No path leads to “{node.words.en}”."
            )


def _reached(diagram: Diagram) -> set[str]:
    waiting = [one.id for one in diagram.of_type(reading.START)]
    found: set[str] = set()
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [arrow.target for arrow in diagram.leaving(one)]
    return found


def _nodes(diagram: Diagram, tables: Collection[str]) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        match node.type:
            case reading.PERSON | "manualTask":
                yield from _person(node)
                yield from _one_way(diagram, node)
            case reading.SERVICE:
                yield from _service(node)
                yield from _one_way(diagram, node)
            case reading.TABLE:
                yield from _table(node, tables)
                yield from _one_way(diagram, node)
            case reading.EXCLUSIVE | reading.INCLUSIVE:
                yield from _choice(diagram, node)
            case reading.END if node.properties.get("outcome") not in OUTCOMES:
                yield _finding(
                    "no_outcome",
                    node.id,
                    "结束事件须说明结果(批准或驳回)。",
                    "Say of the end whether it approves or rejects.",
                )


def _person(node: Node) -> Iterator[Finding]:
    _, mistakes = assignment.of_node(node)
    for one in mistakes:
        yield _finding(
            "unassignable", node.id, f"“{node.words.zh}”: {one.zh}。", f"“{node.words.en}”: {one.en}."
        )


def _one_way(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if len(diagram.leaving(node.id)) > 1:
        yield _finding(
            "many_ways",
            node.id,
            f"“{node.words.zh}”之后有多条去路: 请用网关分流。",
            f"Several arrows leave “{node.words.en}”: put a gateway between.",
        )


def _service(node: Node) -> Iterator[Finding]:
    name = node.properties.get("service", "")
    if name not in SERVICES:
        known = ", ".join(SERVICES)
        yield _finding(
            "unknown_service",
            node.id,
            f"“{name}”不是登记的服务; 可用: {known}。",
            f"“{name}” is no registered service; there are {known}.",
        )
    for key in _NEEDS.get(name, ()):
        if not node.properties.get(key, "").isidentifier():
            yield _finding(
                "service_incomplete",
                node.id,
                f"服务 {name} 须给出 {key}（登记的名称）。",
                f"The service {name} needs {key}, a registered name.",
            )
    for key, value in node.properties.items():
        if urlsplit(value).netloc or "://" in value:
            yield _finding(
                "outside_host",
                node.id,
                f"{key} 指向外部地址, 不允许。",
                f"{key} names an outside host: not allowed.",
            )


def _table(node: Node, tables: Collection[str]) -> Iterator[Finding]:
    name = node.properties.get("table", "")
    if name not in tables:
        yield _finding(
            "unknown_table",
            node.id,
            f"本政策没有决策表“{name}”。",
            f"This policy has no decision table “{name}”.",
        )
    if not node.properties.get("result", "").isidentifier():
        yield _finding(
            "no_result", node.id, "须给出结果变量名(result)。", "Name the result of the table (result)."
        )


def _choice(diagram: Diagram, node: Node) -> Iterator[Finding]:
    ways = diagram.leaving(node.id)
    if len(ways) < 2:  # noqa: PLR2004 - a fork has at least two prongs
        return
    if node.default not in {one.id for one in ways}:
        yield _finding(
            "no_default",
            node.id,
            f"网关“{node.words.zh}”没有默认去路: 条件都不成立时无处可去。",
            f"The gateway “{node.words.en}” has no default: nowhere to go when no condition holds.",
        )
    for one in ways:
        if one.id != node.default and not one.condition:
            yield _finding(
                "no_condition",
                one.id,
                "非默认的去路须写条件。",
                "Every way but the default needs a condition.",
            )


def _conditions(diagram: Diagram) -> Iterator[Finding]:
    names = {*vocabulary.FACTS, *(node.properties.get("result", "") for node in diagram.nodes.values())} - {
        ""
    }
    for arrow in diagram.arrows:
        source = diagram.nodes.get(arrow.source)
        if arrow.condition and source is not None and source.type not in _CHOOSING:
            yield _finding(
                "stray_condition",
                arrow.id,
                "条件只能写在网关之后。",
                "Conditions stand behind gateways only.",
            )
        wrong = vocabulary.mistake(arrow.condition, names=names) if arrow.condition else None
        if wrong is not None:
            yield _finding(
                "bad_condition",
                arrow.id,
                f"条件“{arrow.condition}”有误: {wrong}",
                f"The condition “{arrow.condition}”: {wrong}",
            )


def _finding(code: str, element: str, zh: str, en: str) -> Finding:
    return Finding(code=code, element=element, words=Words(zh=zh, en=en))
