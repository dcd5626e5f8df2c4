"""Decide on a pair of records that look alike: one customer, and which record stays; or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import merges
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.customers import merge_customers
from tradecredit.flows.customers.merge_customers import UnableToMergeCustomersError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def decide_pair(*, pair_id: UUID, keep_code: str, company: Company, actor: Actor) -> None:
    """Merge the pair into the record with the code to keep; without a code they are two customers.

    Raises UnableToMergeCustomersError.
    """
    with db.unit_of_work(actor):
        pair = next(
            (one for one in merges.pairs(company_id=company.pk, limit=10_000) if one.id == pair_id), None
        )
        codes = {pair.customer_code, pair.other_code} if pair else set()
        if pair is None or (keep_code and keep_code not in codes):
            raise UnableToMergeCustomersError(
                Words(zh="这一对已经处理过。", en="This pair has been decided on before.")
            )
        if keep_code:
            (absorbed,) = codes - {keep_code}
            merge_customers.merge_customers(
                keep_code=keep_code,
                absorbed_code=absorbed,
                reason=", ".join(pair.evidence),
                company=company,
                actor=actor,
            )
        merges.decide_pair(pair_id=pair_id, verdict="same" if keep_code else "other", actor=actor)
