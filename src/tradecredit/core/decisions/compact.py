"""Decisions recorded compactly: what an account's verdicts rest on is kept once, and each verdict with its balances.

A document of recorded facts (`recording.to_dict`) falls into a standing, which many orders share, and the few figures
in which they differ. Put together again it is the same document, so the verdict can be derived whenever it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import recording
from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult

BALANCES: Final = ("ordered", "delivered", "billed", "bill", "unapplied", "reserved")
_NONE: Final = "0.00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """In what an order's facts differ from its account's standing; ``balances`` by the name of the stage."""

    reference: str
    amount: Decimal
    terms_days: int | None
    balances: Mapping[str, Decimal]


def standing_of(facts: CreditFacts) -> dict[str, Any]:
    """Return the facts of an account without any order and without its balances, to be recorded once."""
    document = recording.to_dict(facts)
    exposure = dict.fromkeys(document["exposure"], _NONE)
    return {
        **document,
        "request": {**document["request"], "reference": "", "amount": _NONE, "terms_days": None},
        # What is disputed belongs to the receivables, not to the balances of the account.
        "exposure": {**exposure, "disputed": document["exposure"]["disputed"]},
    }


def facts_document(standing: Mapping[str, Any], figures: Figures) -> dict[str, Any]:
    """Return the document of an order's facts, as `recording.to_dict` would have written it."""
    currency = standing["currency"]
    request = {
        **standing["request"],
        "reference": figures.reference,
        "amount": Money(figures.amount, currency).text(),
        "terms_days": figures.terms_days,
    }
    balances = {name: Money(amount, currency).text() for name, amount in figures.balances.items()}
    return {**standing, "request": request, "exposure": {**standing["exposure"], **balances}}


def template(standing: Mapping[str, Any]) -> CreditFacts:
    """Return the facts of an order of nothing on an account without balances."""
    return recording.from_dict(standing)


def is_shareable(facts: CreditFacts) -> bool:
    """Tell whether nothing in the facts belongs to one document alone, so that orders may share the standing."""
    is_new = facts.own == components.none_in(facts.currency) and facts.release is None
    is_alone = not facts.nodes and not facts.settings
    return is_new and is_alone and facts.request.prepaid is None


def failures(results: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """Return the checks that did not pass, with their figures, to be recorded beside the outcome."""
    return [result.as_dict() for result in results if not result.passed]
