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
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToSuggestWeightsError(UnableToError):
    """Too few customers, or too few that went bad, to say anything."""

    code = "too_few_to_say"
    status = 422


def suggest_weights(
    *, company: Company, actor: Actor, as_of: date | None = None, model: str = ""
) -> dict[str, Any]:
    """Return for each indicator the weight now and the one that history suggests, in percent of the whole.

    ``model`` names one that is for some customers; only whom it rated is looked at. By default the one for all others.
    Raises UnableToSuggestWeightsError where the backtest's least numbers are not reached, UnableToFindPolicyError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        rules = review_rules.in_force(company_id=company.pk, as_of=day).rules
        rated_on = day - timedelta(days=rules.horizon_days)
        fates = outcomes.rated_customers(
            company_id=company.pk, rated_on=rated_on, horizon_days=rules.horizon_days,
            bad_days=rules.days_overdue, trifle=rules.trifle,
        )  # fmt: skip
        bad = {each.code: each.bad_on is not None for each in fates if each.counts}
        ids = {one.id: code for code, one in dossier.customers_by_code(bad).items()}
        ratings = queries.latest(company_id=company.pk, customer_ids=ids, as_of=rated_on)
        name = model or rating_policy.in_force(company_id=company.pk, as_of=day).scorecard.name
    rows = {
        ids[key]: record.result["parts"]
        for key, record in ratings.items()
        if record.model_name == name and record.result.get("parts")
    }
    bads = sum(bad[code] for code in rows)
    if len(rows) < rules.least_customers or bads < rules.least_bads:
        raise _too_few(len(rows), bads, rules.least_customers, rules.least_bads)
    return {
        "rated_on": rated_on.isoformat(),
        "model": name,
        "customers": len(rows),
        "bads": bads,
        "weights": _lines(list(rows.values()), is_bad=[bad[code] for code in rows]),
    }


def _lines(rows: Sequence[Sequence[Mapping[str, Any]]], *, is_bad: Sequence[bool]) -> list[dict[str, str]]:
    # Learning needs the numeric library, which a server that never learns does not load.
    from tradecredit.analytics.learning import weights  # noqa: PLC0415

    given = {part["indicator"]: Decimal(part["weight"]) for part in rows[0]}
    points = [{part["indicator"]: _decimal(part["points"]) for part in parts} for parts in rows]
    found = weights.suggest(points, is_bad=is_bad, given=given)
    return [_line(name, given, found) for name in given]


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
