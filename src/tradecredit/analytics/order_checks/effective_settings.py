"""Every setting that concerns a customer: the value that holds, and whether policy or a level below it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies, setting_queries
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.decisions import policy, settings
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.policy import STRENGTHS
from tradecredit.core.kernel.money import plain

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.decisions.settings import Effective


def of_customer(*, customer_id: UUID, company_id: UUID, as_of: date) -> tuple[Effective, ...]:
    """Return every setting with its value and origin, in the order in which people read them.

    Raises UnableToFindPolicyError.
    """
    customer = dossier.customers_by_id([customer_id])[customer_id]
    ratings = scoring.history(company_id=company_id, customer_id=customer_id, most=12)
    grade = next((one.grade for one in ratings if one.as_of <= as_of), None)
    concerned = setting_queries.Concerned(
        company_id=company_id,
        customer_id=customer_id,
        classes=frozenset({customer.customer_type, grade or ""} - {""}),
    )
    entries = setting_queries.entries([concerned], as_of=as_of).get(concerned, ())
    document = policies.in_force(company_id=company_id, as_of=as_of).document
    defaults = defaults_of(policy.parse(document["order_control"]))
    names = [*defaults, *sorted({entry.name for entry in entries} - set(defaults))]
    return tuple(settings.resolve(name, entries, as_of=as_of, default=defaults.get(name)) for name in names)


def defaults_of(control: OrderControl) -> dict[str, str | None]:
    """Return what policy says of each setting; None where it says nothing."""
    words = {outcome: name for name, outcome in STRENGTHS.items()}
    found: dict[str, str | None] = {
        f"strength.{document}": words[control.strength_of(document, _point(document))]
        for document in settings.DOCUMENTS
    }
    found[settings.RESERVATION_DAYS] = str(control.reservation_days)
    found[settings.EXCLUDED] = None
    for currency, amount in control.small_documents.items():
        found[f"{settings.SMALL_DOCUMENTS}.{currency}"] = plain(amount, currency)
    return found


def _point(document: str) -> ControlPoint:
    return ControlPoint(document) if document in set(ControlPoint) else ControlPoint.ORDER
