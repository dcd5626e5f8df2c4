"""One customer: pairs that look alike, merges, taking apart, and codes in other systems."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from tradecredit.apps.dossier import identities, merges
from tradecredit.apps.dossier import queries as dossier
from tradecredit.doors.api import acting
from tradecredit.flows.customers import decide_pair, find_duplicates, keep_identity, merge_customers
from tradecredit.plumbing.access import Role

router = Router(tags=["customers"])
_KEEPERS = (
    *(Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER),
    *(Role.ADMIN, Role.INTEGRATION),
)
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class LookIn(Schema, extra="forbid"):
    """Whose customers are compared."""

    company: str | None = None


class PairIn(Schema, extra="forbid"):
    """The record to keep, or null: they are two."""

    company: str | None = None
    keep: Code | None


class MergeIn(Schema, extra="forbid"):
    """Which record is absorbed by which."""

    company: str | None = None
    keep: Code
    absorbed: Code
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class IdentityIn(Schema, extra="forbid"):
    """What the customer is called in another system."""

    company: str | None = None
    system: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    code: Annotated[str, StringConstraints(min_length=1, max_length=128)]


@router.get("/duplicates", summary="Pairs of records that may be one customer")
def listed(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer the pairs that wait for a decision, the surest first."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        pairs = merges.pairs(company_id=found.pk, limit=500)
    return {
        "pairs": [
            {
                "id": str(one.id),
                "customer": one.customer_code,
                "other": one.other_code,
                "score": str(one.score),
                "evidence": list(one.evidence),
            }
            for one in pairs
        ]
    }


@router.post("/duplicates", summary="Compare all customers")
def look(request: HttpRequest, body: LookIn) -> HttpResponse:
    """Answer how many customers were compared and how many pairs are new."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        looked = find_duplicates.find_duplicates(company=found, actor=acting.actor_of(request))
        return {"customers": looked.customers, "pairs": looked.pairs, "new": looked.new}

    return acting.once(request, status=200, effect=effect)


@router.post("/duplicates/{pair_id}", summary="Decide on a pair")
def decide(request: HttpRequest, pair_id: UUID, body: PairIn) -> HttpResponse:
    """Merge the pair into the record to keep, or record that they are two."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        decide_pair.decide_pair(
            pair_id=pair_id, keep_code=body.keep or "", company=found, actor=acting.actor_of(request)
        )
        return {"id": str(pair_id), "kept": body.keep}

    return acting.once(request, status=200, effect=effect)


@router.post("/merges", summary="Make two records one customer")
def merge(request: HttpRequest, body: MergeIn) -> HttpResponse:
    """Answer the merge, by which it can be taken apart."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        merge_id = merge_customers.merge_customers(
            keep_code=body.keep,
            absorbed_code=body.absorbed,
            reason=body.reason,
            company=found,
            actor=acting.actor_of(request),
        )
        return {"id": str(merge_id), "keep": body.keep, "absorbed": body.absorbed}

    return acting.once(request, status=201, effect=effect)


@router.post("/merges/{merge_id}/undo", summary="Take a merge apart")
def undo(request: HttpRequest, merge_id: UUID, body: LookIn) -> HttpResponse:
    """Give everything back that the merge moved."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        merge_customers.unmerge_customers(merge_id=merge_id, company=found, actor=acting.actor_of(request))
        return {"id": str(merge_id), "undone": True}

    return acting.once(request, status=200, effect=effect)


@router.get("/customers/{code}/identities", summary="What a customer is called in other systems")
def identities_of(request: HttpRequest, code: str, company: str | None = None) -> dict[str, Any]:
    """Answer the codes by system, those of records that were merged into it included."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = dossier.customer_by_code(code)
        if customer is None or found.pk not in customer.company_ids:
            raise Http404
        known = identities.of_customer(customer.id)
    return {
        "customer": customer.code,
        "identities": [{"system": one.system, "code": one.code} for one in known],
    }


@router.post("/customers/{code}/identities", summary="Say what a customer is called in another system")
def keep(request: HttpRequest, code: str, body: IdentityIn) -> HttpResponse:
    """Record the code; one code of a system is one customer."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        keep_identity.keep_identity(
            customer_code=code,
            system=body.system,
            code=body.code,
            company=found,
            actor=acting.actor_of(request),
        )
        return identities_of(request, code, found.code)

    return acting.once(request, status=201, effect=effect)
