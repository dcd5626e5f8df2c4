"""The order-control section of a policy: which checks, how strict, with which figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import check_tables, releases
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.releases import ReleasePolicy
from tradecredit.core.exposure.components import Stage
from tradecredit.core.exposure.measure import COVER_USES, MeasurePolicy
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.limits import grade_policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.decisions.check_tables import CheckTable
    from tradecredit.core.kernel.reasons import Words

_ANY: Final = "any"
TABLE: Final = "table"
STRENGTHS: Final = {
    "none": Outcome.APPROVE,
    "warn": Outcome.WARN,
    "special": Outcome.REVIEW,
    "block": Outcome.REJECT,
}
_AGAIN: Final = ("amendment", "reopen")
# Kinds of checks that need an outlook gathered, so that the facts are more than balances and standings.
ASKS_OUTLOOK: Final = frozenset({"payment_behaviour", "dunning_level", "changed_terms", "dynamic_limit"})
_FIGURES: Final = ("days", "share", "amounts", "words")

# Which figures each kind of check needs; a check that is not here does not exist.
REQUIRED_FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "customer_active": ("words",),
    "line_set": (),
    "line_valid": (),
    "headroom": (),
    "utilisation": ("share",),
    "order_share_of_available": ("share",),
    "single_document_maximum": ("amounts",),
    "order_warning_line": ("amounts", "share"),
    "overdue_days": ("days",),
    "overdue_share": ("share",),
    "oldest_open_item": ("days",),
    "grade_refused": (),
    "prepayment": ("share",),
    "terms_days": (),
    "rating_present": (),
    "freeze": ("words",),
    "high_risk": (),
    "alert_level": ("words",),
    "invoice_for_delivered": (),
    "payment_behaviour": ("days",),
    "dunning_level": ("words",),
    "changed_terms": (),
    "dynamic_limit": ("days",),
    "overdue_in_all": ("amounts", "days", "share"),
    "control_nodes": (),
    "control_node_utilisation": ("share",),
    "concentration": ("share", "words"),
    TABLE: ("table",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check of the policy: its kind, where and for whom it applies, what failing means, and its figures."""

    code: str
    check: str
    label: Words
    control_points: frozenset[ControlPoint]
    grades: frozenset[str] | None
    on_fail: Outcome
    on_unknown: Outcome
    is_exempt_when_small: bool = False
    is_exempt_when_taken_over: bool = False
    is_exempt_when_prepaid: bool = False
    is_exempt_when_secured: bool = False
    days: int | None = None
    share: Decimal | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    table: CheckTable | None = None
    # The days that each grade gives, where the rule goes by the grade.
    days_by_grade: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyPolicy:
    """The figures of the remedies offered."""

    temporary_line_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderControl:
    """A parsed order-control policy."""

    measure: MeasurePolicy
    rules: tuple[Rule, ...]
    remedies: RemedyPolicy
    reservation_days: int
    small_documents: Mapping[str, Decimal] = field(default_factory=dict)
    releases: ReleasePolicy = field(default_factory=ReleasePolicy)
    # The most that a check may ask for at a control point: none, warn, special approval, or block (no bound).
    strength: Mapping[ControlPoint, Outcome] = field(default_factory=dict)
    # The same for documents that are orders but not new ones: an amendment, a reopening.
    strength_again: Mapping[str, Outcome] = field(default_factory=dict)
    behaviour_days: int = 365
    # Whether a second person agrees before a freeze set by hand is lifted.
    lifts_with_four_eyes: bool = False

    @property
    def asks_outlook(self) -> bool:
        """Tell whether a check asks for more than balances: behaviour, reminders, terms, what lies ahead."""
        return any(
            rule.check in ASKS_OUTLOOK or (rule.table is not None and rule.table.asks_outlook)
            for rule in self.rules
        )

    @property
    def horizons(self) -> tuple[int, ...]:
        """Return the horizons that dynamic limits look at, in days."""
        return tuple(sorted({rule.days or 0 for rule in self.rules if rule.check == "dynamic_limit"}))

    def strength_of(self, document: str, point: ControlPoint) -> Outcome:
        """Return the most that a check may ask for of a document: an amendment counts as an order unless named."""
        return self.strength_again.get(document, self.strength.get(point, Outcome.REJECT))


def of_document(document: Mapping[str, Any]) -> OrderControl:
    """Read the order control of a whole policy, with its tables' models and its grades; raises PolicyError, KeyError."""
    grades = grade_policy.parse(document["grades"]) if "grades" in document else ()
    days = {grade.grade: grade.terms_days for grade in grades}
    return parse(document["order_control"], models=document.get("tables"), days_by_grade=days)


def parse(
    section: Mapping[str, Any],
    *,
    models: Mapping[str, str] | None = None,
    days_by_grade: Mapping[str, int] | None = None,
) -> OrderControl:
    """Read the section ``order_control`` of a pack; raises PolicyError naming the place of the first bad value."""
    node = Node(section, "order_control").only(
        "source",
        "reason",
        "exposure",
        "reservation_days",
        "remedies",
        "small_documents",
        "checks",
        "releases",
        "strength",
        "behaviour_days",
        "four_eyes_to_lift",
    )
    rules = tuple(_rule(item, models or {}, days_by_grade or {}) for item in node.child("checks").items())
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise node.child("checks").error(f"the code {code} is used more than once")
    remedies = node.child("remedies").only("temporary_line_days")
    return OrderControl(
        measure=_measure(node.child("exposure")),
        rules=rules,
        remedies=RemedyPolicy(temporary_line_days=remedies.child("temporary_line_days").count(least=1)),
        reservation_days=node.child("reservation_days").count(least=1),
        small_documents=_amounts(node.optional("small_documents")),
        releases=releases.parse(node.optional("releases")),
        strength=_strength(node.optional("strength")),
        lifts_with_four_eyes=_flag(node.optional("four_eyes_to_lift")),
        strength_again=_strength_again(node.optional("strength")),
        **_behaviour_days(node.optional("behaviour_days")),
    )


def _behaviour_days(node: Node | None) -> dict[str, int]:
    return {} if node is None else {"behaviour_days": node.count(least=1)}


def _flag(node: Node | None) -> bool:
    return node is not None and node.flag()


def _strength(node: Node | None) -> dict[ControlPoint, Outcome]:
    """Read how strictly each kind of document is controlled; one that is not named is not bounded."""
    if node is None:
        return {}
    node.only(*ControlPoint, *_AGAIN)
    return {
        ControlPoint(point): STRENGTHS[each.one_of(*STRENGTHS)]
        for point, each in node.entries()
        if point not in _AGAIN
    }


def _strength_again(node: Node | None) -> dict[str, Outcome]:
    entries = () if node is None else node.entries()
    return {name: STRENGTHS[each.one_of(*STRENGTHS)] for name, each in entries if name in _AGAIN}


def _measure(node: Node) -> MeasurePolicy:
    counted = (*(stage.value for stage in Stage), "disputed")
    node.only(*counted, "bill_weights", "covers")
    weights, covers = node.optional("bill_weights"), node.optional("covers")
    return MeasurePolicy(
        **{f"counts_{stage}": item.flag() for stage, item in node.entries() if stage in counted},
        bill_weights={}
        if weights is None
        else {
            f"{acceptor}.{status}": weight.number(least="0")
            for acceptor, statuses in weights.entries()
            for status, weight in statuses.entries()
        },
        cover_uses={}
        if covers is None
        else {kind: use.one_of(*COVER_USES) for kind, use in covers.entries()},
    )


def _rule(node: Node, models: Mapping[str, str], days_by_grade: Mapping[str, int]) -> Rule:
    node.only(
        *("code", "check", "label", "at", "grades", "on_fail", "on_unknown", "table", "source", "reason"),
        *("by_grade", "exempt_when_small", "exempt_when_taken_over", "exempt_when_prepaid"),
        *("exempt_when_secured", *_FIGURES),
    )
    check = node.child("check").one_of(*REQUIRED_FIGURES)
    for figure in REQUIRED_FIGURES[check]:
        node.child(figure)
    table = _table(node, models) if check == TABLE else None
    days, share, small = node.optional("days"), node.optional("share"), node.optional("exempt_when_small")
    words, unknown = node.optional("words"), node.optional("on_unknown")
    taken_over, prepaid = node.optional("exempt_when_taken_over"), node.optional("exempt_when_prepaid")
    secured = node.optional("exempt_when_secured")
    return Rule(
        code=node.child("code").text(),
        check=check,
        label=node.child("label").words(),
        control_points=frozenset(
            ControlPoint(item.one_of(*ControlPoint)) for item in node.child("at").items()
        ),
        grades=names(node.optional("grades")),
        on_fail=_outcome(node.child("on_fail"), least=Outcome.WARN) if table is None else table.worst,
        on_unknown=Outcome.REVIEW if unknown is None else _outcome(unknown, least=Outcome.REVIEW),
        is_exempt_when_small=small is not None and small.flag(),
        is_exempt_when_taken_over=taken_over is not None and taken_over.flag(),
        is_exempt_when_prepaid=prepaid is not None and prepaid.flag(),
        is_exempt_when_secured=secured is not None and secured.flag(),
        days=None if days is None else days.count(),
        share=None if share is None else share.number(least="0"),
        amounts=_amounts(node.optional("amounts")),
        words=() if words is None else tuple(item.text() for item in words.items()),
        table=table,
        days_by_grade=days_by_grade if _flag(node.optional("by_grade")) else {},
    )


def _table(node: Node, models: Mapping[str, str]) -> CheckTable:
    """Read the table of a check; its rows say what comes of it, so the check itself must not."""
    if node.has("on_fail"):
        raise node.child("on_fail").error("the rows of the table say what comes of them")
    return check_tables.parse(node.child("table"), code=node.child("code").text(), models=models)


def names(node: Node | None) -> frozenset[str] | None:
    """Return a set of names, or None where the document says ``any`` or says nothing."""
    if node is None or node.value == _ANY:
        return None
    found = frozenset(item.text() for item in node.items())
    if not found:
        raise node.error("name at least one, or say any")
    return found


def _outcome(node: Node, *, least: Outcome) -> Outcome:
    allowed = [outcome.text for outcome in Outcome if outcome >= least]
    return outcomes.parse(node.one_of(*allowed))


def _amounts(node: Node | None) -> dict[str, Decimal]:
    if node is None:
        return {}
    return {currency: item.number(least="0") for currency, item in node.entries()}
