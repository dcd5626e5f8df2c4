"""Who a step is for: a role, a level up the line, named people, the authority table, or an expression.

The properties of a task, as the editor writes them: ``who`` (role, level, named, rule, expression) with ``roles``,
``level``, ``people`` or ``assign``; ``mode`` (any, all, ratio) with ``needed`` (2/3), ``quorum`` and ``completion``;
``slaDays``, ``escalateTo``, ``form``, ``rejection`` (ends, goes_on).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.decisions import wording
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.approvals.diagrams.reading import Node

# Whom the roles of sales report to; "two levels up" of a salesperson is the sales director.
LINE: Final = ("sales", "sales_manager", "sales_director", "management")
_OTHERS: Final = ("legal", "collector", "admin")


class Who(StrEnum):
    """How a step finds its people."""

    ROLE = "role"
    LEVEL = "level"
    NAMED = "named"
    RULE = "rule"
    EXPRESSION = "expression"


class Together(StrEnum):
    """One of them, every one of them, or a share of them."""

    ANY = "any"
    ALL = "all"
    RATIO = "ratio"


class UnableToAssignError(UnableToError):
    """A step of a flow has nobody to decide it."""

    code = "flow_unassignable"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who decides a step and when it is decided; ``needed`` is the share of a vote."""

    who: Who
    roles: tuple[str, ...] = ()
    level: int = 0
    people: tuple[str, ...] = ()
    expression: str = ""
    together: Together = Together.ANY
    needed: Fraction = Fraction(1)
    quorum: int = 0
    completion: str = ""
    sla_days: int | None = None
    escalate_to: str = ""
    form: str = ""
    goes_on_when_rejected: bool = False


def known_roles() -> frozenset[str]:
    """Return the roles that a step may name."""
    return frozenset(wording.ROLES) | frozenset(_OTHERS)


def of_node(node: Node) -> tuple[Assignment | None, tuple[Words, ...]]:
    """Return the assignment of a task, or what is wrong with it."""
    said = node.properties
    mistakes = [
        *_who_mistakes(said),
        *_vote_mistakes(said),
        *_number_mistakes(said),
    ]
    if mistakes:
        return None, tuple(mistakes)
    return _assignment(said), ()


def _assignment(said: Mapping[str, str]) -> Assignment:
    return Assignment(
        who=Who(said["who"]),
        roles=tuple(said.get("roles", "").split()),
        level=int(said.get("level") or 0),
        people=tuple(said.get("people", "").split()),
        expression=said.get("assign", ""),
        together=Together(said.get("mode") or Together.ANY),
        needed=Fraction(said.get("needed") or 1),
        quorum=int(said.get("quorum") or 0),
        completion=said.get("completion", ""),
        sla_days=int(said["slaDays"]) if said.get("slaDays") else None,
        escalate_to=said.get("escalateTo", ""),
        form=said.get("form", ""),
        goes_on_when_rejected=said.get("rejection") == "goes_on",
    )


def _who_mistakes(said: Mapping[str, str]) -> list[Words]:
    who = said.get("who", "")
    if who not in set(Who):
        return [_words("未指定处理人(who)", "it says of nobody that they decide it (who)")]
    found = []
    needs = {Who.ROLE: "roles", Who.LEVEL: "level", Who.NAMED: "people", Who.EXPRESSION: "assign"}.get(
        Who(who)
    )
    if needs is not None and not said.get(needs):
        found.append(_words(f"处理人为 {who}, 但缺少 {needs}", f"who is {who}, but {needs} is missing"))
    named = [*said.get("roles", "").split(), *said.get("escalateTo", "").split()]
    unknown = sorted(set(named) - known_roles())
    if unknown:
        text = ", ".join(unknown)
        found.append(_words(f"没有这些角色: {text}", f"there are no such roles: {text}"))
    wrong = vocabulary.mistake(said["assign"], names=vocabulary.FACTS) if said.get("assign") else None
    if wrong is not None:
        found.append(_words(f"处理人表达式有误: {wrong}", f"its expression of who decides: {wrong}"))
    return found


def _vote_mistakes(said: Mapping[str, str]) -> list[Words]:
    found = []
    mode = said.get("mode") or Together.ANY
    if mode not in set(Together):
        found.append(_words(f"会签方式无效: {mode}", f"mode is any, all or ratio, not {mode}"))
    if mode == Together.RATIO and not _is_share(said.get("needed", "")):
        found.append(
            _words(
                "比例会签须给出大于0、不超过1的比例, 例如 2/3",
                "ratio needs a share above 0 up to 1, such as 2/3",
            )
        )
    wrong = (
        vocabulary.mistake(said["completion"], names=vocabulary.COUNTS) if said.get("completion") else None
    )
    if wrong is not None:
        found.append(_words(f"完成条件有误: {wrong}", f"its completion condition: {wrong}"))
    if said.get("rejection", "ends") not in {"ends", "goes_on"}:
        found.append(_words("rejection 只能是 ends 或 goes_on", "rejection is ends or goes_on"))
    return found


def _number_mistakes(said: Mapping[str, str]) -> list[Words]:
    wrong = [name for name in ("level", "quorum", "slaDays") if said.get(name) and not said[name].isdecimal()]
    return [_words(f"{name} 须为整数", f"{name} is a whole number") for name in wrong]


def _is_share(text: str) -> bool:
    try:
        return 0 < Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def level_up(roles: Sequence[str], *, level: int) -> str:
    """Return the role some levels above the highest of the given ones; raises UnableToAssignError past the top.

    One level above a salesperson is the sales manager; someone outside the line counts as its first.
    """
    held = max((LINE.index(role) for role in roles if role in LINE), default=0)
    if held + level >= len(LINE):
        raise UnableToAssignError(
            Words(
                zh="申请人向上 {level} 级没有上级。请改流程图，直接指定角色。",
                en="Nobody stands {level} levels above who asks. Name a role in the diagram instead.",
            ).filled(level=level)
        )
    return LINE[held + level]


def _words(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)
