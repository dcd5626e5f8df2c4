"""How often evidence was right: the statistics shipped with the product, and what this company's people confirmed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import match_queries
from tradecredit.core.cash_application.matcher.odds import Odds, Tally
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.cash_application.matcher.policy import MatcherPolicy

_FILE = "match_statistics.yaml"


@cache
def shipped() -> Mapping[str, Tally]:
    """Return the shipped statistics by kinds of evidence."""
    path = resources.files("tradecredit.flows.cash") / _FILE
    document = yaml_texts.read(path.read_text(encoding="utf-8"))
    return {
        str(signature): Tally(shown=int(shown), right=int(right))
        for signature, (shown, right) in document["evidence"].items()
    }


def of_company(*, company_id: UUID, policy: MatcherPolicy, known_at: datetime | None = None) -> Odds:
    """Return the odds of a company as known at a moment: its own outcomes on top of the shipped statistics."""
    own = match_queries.tallies(company_id=company_id, known_at=known_at)
    return Odds(prior=shipped(), own=own, prior_weight=policy.prior_weight)


def of_nobody(*, policy: MatcherPolicy) -> Odds:
    """Return the odds from the shipped statistics alone."""
    return Odds(prior=shipped(), own={}, prior_weight=policy.prior_weight)
