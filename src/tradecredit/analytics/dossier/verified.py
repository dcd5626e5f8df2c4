"""Which customers may not be rated yet, and what of the register they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier import waivers
from tradecredit.core.dossier import verification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord


def lacking(
    *,
    customers: Mapping[UUID, CustomerRecord],
    company_id: UUID,
    as_of: date,
    section: Mapping[str, Any] | None = None,
) -> dict[UUID, tuple[str, ...]]:
    """Return, of those who may not be rated yet, the facts that they lack; two statements where any is new.

    ``section`` is the policy's, where the caller has read it already.
    """
    policy = verification.parse(section or policy_section.section(company_id=company_id, as_of=as_of))
    new = {one for one, customer in customers.items() if customer.lifecycle in policy.stages}
    if not new:
        return {}
    facts = dossier.facts_in_force(customer_ids=new, as_of=as_of, names=policy.facts)
    waived = waivers.in_force(customer_ids=new, company_id=company_id, as_of=as_of)
    found = {
        one: verification.lacking(
            policy, stage=customers[one].lifecycle, known=facts.get(one, {}), is_waived=one in waived
        )
        for one in new
    }
    return {one: names for one, names in found.items() if names}
