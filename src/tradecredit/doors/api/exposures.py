"""The exposure of a customer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from ninja import Router

from tradecredit.analytics.exposure import customer_levels
from tradecredit.analytics.order_checks import exposures
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.kernel import limit as limits
from tradecredit.doors.api import acting, levels
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.analytics.order_checks.exposures import AccountExposure

router = Router(tags=["exposure"])
_STAGES = ("ordered", "delivered", "billed", "bill", "unapplied")


@router.get("/exposures/{customer}", summary="A customer's line, exposure and headroom")
def get_exposure(
    request: HttpRequest,
    customer: str,
    company: str | None = None,
    currency: str | None = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Return the account in the currency asked for (else the customer's own), and all accounts beside it."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        record = dossier.customer_by_code(customer)
        if record is None or found.pk not in record.company_ids:
            raise Http404
        wanted = (currency or record.currency).upper()
        accounts = exposures.of_customer(
            customer_id=record.id,
            company_id=found.pk,
            as_of=as_of or clock.today(found),
            extra_currency=wanted,
        )
        counted = customer_levels.of_customer(
            customer_id=record.id, company_id=found.pk, as_of=as_of or clock.today(found)
        )
        documents = {account.currency: _account(account) for account in accounts}
        return {
            "customer": record.code,
            "company": found.code,
            **documents[wanted],
            "accounts": list(documents.values()),
            "levels": [levels.level_document(one) for one in counted],
        }


def _account(account: AccountExposure) -> dict[str, Any]:
    room = account.room
    return {
        "currency": account.currency,
        "limit": limits.text(room.limit),
        "exposure": room.exposure.text(),
        "reserved": account.parts.reserved.text(),
        "headroom": limits.text(room.available),
        "stages": {stage: getattr(account.parts, stage).text() for stage in _STAGES},
        "disputed": account.parts.disputed.text(),
        "equation": [
            {"code": term.code, "label": term.label.as_dict(), "amount": term.amount.text()}
            for term in room.terms
        ],
    }
