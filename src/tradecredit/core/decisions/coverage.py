"""Which checkpoint covers each way an order can take on credit, and what a policy leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.decisions.policy import OrderControl, Rule

# Every way exposure comes into being, the checkpoint that it must pass, and what calls it. An opening order that a
# file brings passes none: it stood before the house decided here, and its record says so.
PATHS: Final = (
    ("order", ControlPoint.ORDER, Words(zh="新订单", en="a new order")),
    ("amendment", ControlPoint.ORDER, Words(zh="订单改大或改账期", en="an order raised or with other terms")),
    ("reopen", ControlPoint.ORDER, Words(zh="已关闭的订单重新打开", en="an order that is reopened")),
    ("delivery", ControlPoint.DELIVERY, Words(zh="发货", en="a delivery")),
    ("invoice", ControlPoint.INVOICE, Words(zh="开票", en="an invoice")),
    ("import", None, Words(zh="导入的期初订单", en="an opening order from a file")),
)
_HEADROOM: Final = frozenset({"headroom", "control_nodes", "dynamic_limit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCoverage:
    """One way in: its checkpoint, the checks made there, those that can stop it, and what is to be said."""

    path: str
    words: Words
    checkpoint: str
    strength: Outcome
    checks: tuple[str, ...]
    stops: tuple[str, ...]
    note: Words

    @property
    def is_covered(self) -> bool:
        """Tell whether at least one check there can stop the document, or bring it before a person."""
        return bool(self.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that a policy leaves open; a serious one lets credit be given that nobody looked at."""

    path: str
    is_serious: bool
    words: Words


def of_policy(control: OrderControl) -> tuple[PathCoverage, ...]:
    """Return how each way in is covered by the policy."""
    return tuple(_path(path, point, words, control) for path, point, words in PATHS)


def gaps(control: OrderControl) -> tuple[Gap, ...]:
    """Return what the policy leaves open: ways without an active checkpoint first."""
    found = [gap for one in of_policy(control) for gap in _gaps(one, control)]
    return tuple(sorted(found, key=lambda gap: not gap.is_serious))


def _path(path: str, point: ControlPoint | None, words: Words, control: OrderControl) -> PathCoverage:
    if point is None:
        return PathCoverage(
            path=path,
            words=words,
            checkpoint="",
            strength=Outcome.APPROVE,
            checks=(),
            stops=(),
            note=Words(
                zh="不检查：上线前已存在，占用照样计入；下次改单、发货时检查。",
                en="Not checked: it stood before. It counts all the same, and its next amendment or delivery is checked.",
            ),
        )
    strength = control.strength_of(path, point)
    rules = [rule for rule in control.rules if point in rule.control_points]
    stops = [rule for rule in rules if min(rule.on_fail, strength) >= Outcome.REVIEW]
    return PathCoverage(
        path=path,
        words=words,
        checkpoint=point.value,
        strength=strength,
        checks=tuple(rule.code for rule in rules),
        stops=tuple(rule.code for rule in stops),
        note=_note(path, rules, stops, strength),
    )


def _note(path: str, rules: list[Rule], stops: list[Rule], strength: Outcome) -> Words:
    if path == "invoice":
        return Words(
            zh="已发货的可随时开票：只提醒，不拦截。",
            en="What has left can always be invoiced: it is told, not stopped.",
        )
    if not rules:
        return Words(zh="没有检查。", en="No check is made.")
    if not stops:
        return Words(
            zh=f"{len(rules)} 项检查，强度为 {strength.text}，无一能拦截。",
            en=f"{len(rules)} checks, bounded to {strength.text}: none of them can stop it.",
        )
    return Words(
        zh=f"{len(rules)} 项检查，其中 {len(stops)} 项能拦截或转人工。",
        en=f"{len(rules)} checks, {len(stops)} of which stop it or bring it before a person.",
    )


def _gaps(one: PathCoverage, control: OrderControl) -> list[Gap]:
    if one.path in {"import", "invoice"}:
        return []
    if not one.is_covered:
        return [
            Gap(
                path=one.path,
                is_serious=True,
                words=Words(
                    zh=f"“{one.words.zh}”没有生效的检查点：{one.note.zh}",
                    en=f"There is no active checkpoint for {one.words.en}: {one.note.en}",
                ),
            )
        ]
    stopping = [rule for rule in control.rules if rule.code in one.stops]
    if any(rule.check in _HEADROOM or (rule.table and rule.table.looks_at_line) for rule in stopping):
        return []
    return [
        Gap(
            path=one.path,
            is_serious=False,
            words=Words(
                zh=f"“{one.words.zh}”不比较额度：没有能拦截的额度检查。",
                en=f"No check that can stop {one.words.en} compares it with a line.",
            ),
        )
    ]
