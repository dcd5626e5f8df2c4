"""Suggest weights for the scorecard in force from what became of the customers that it rated; nothing is changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.scoring import outcomes, review_rules
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToSuggestWeightsError(UnableToError):
    """Too few customers, or too few that went bad, to say anything."""

    code = "too_few_to_say"
    status = 422


def suggest_weights(*, company: Company, actor: Actor, as_of: date | None = None) -> dict[str, Any]:
    """Return for each indicator the weight now and the one that history suggests, in percent of the whole.

    Raises UnableToSuggestWeightsError where the backtest's least numbers are not reached, UnableToFindPolicyError.
    """
    # Learning needs the numeric library, which a server that never learns does not load.
    from tradecredit.analytics.learning import weights  # noqa: PLC0415

    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        rules = review_rules.in_force(company_id=company.pk, as_of=day).rules
        rated_on = day - timedelta(days=rules.horizon_days)
        fates = outcomes.rated_customers(
            company_id=company.pk, rated_on=rated_on, horizon_days=rules.horizon_days,
            bad_days=rules.days_overdue, trifle=rules.trifle,
        )  # fmt: skip
        bad = {each.code: each.bad_on is not None for each in fates if each.counts}
        if len(bad) < rules.least_customers or sum(bad.values()) < rules.least_bads:
            raise _too_few(len(bad), sum(bad.values()), rules.least_customers, rules.least_bads)
        ids = {customer.id: code for code in bad if (customer := dossier.customer_by_code(code)) is not None}
        ratings = queries.latest(company_id=company.pk, customer_ids=ids, as_of=rated_on)
    rows = {ids[key]: record.result["parts"] for key, record in ratings.items() if record.result.get("parts")}
    given = {part["indicator"]: Decimal(part["weight"]) for part in next(iter(rows.values()))}
    found = weights.suggest(
        [{part["indicator"]: _decimal(part["points"]) for part in parts} for parts in rows.values()],
        is_bad=[bad[code] for code in rows],
        given=given,
    )
    return {
        "rated_on": rated_on.isoformat(),
        "customers": len(rows),
        "bads": sum(bad[code] for code in rows),
        "weights": [_line(name, given, found) for name in given],
    }


def _line(name: str, given: Mapping[str, Decimal], found: Mapping[str, Decimal]) -> dict[str, str]:
    return {"indicator": name, "now": f"{given[name]:f}", "suggested": f"{found[name]:f}"}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _too_few(customers: int, bads: int, least_customers: int, least_bads: int) -> UnableToSuggestWeightsError:
    return UnableToSuggestWeightsError(
        Words(
            zh="样本太少，不给建议：{customers} 个客户、{bads} 个变坏，至少要 {least} 个和 {least_bads} 个。",
            en="Too few to say: {customers} customers, {bads} gone bad; at least {least} and {least_bads} are needed.",
        ).filled(customers=customers, bads=bads, least=least_customers, least_bads=least_bads)
    )
