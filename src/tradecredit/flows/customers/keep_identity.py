"""Say what a customer is called in another system, so that its documents find the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import identities
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToKeepIdentityError(UnableToError):
    """Unknown customer, or a code that names another one."""

    code = "identity_refused"
    status = 409


def keep_identity(*, customer_code: str, system: str, code: str, company: Company, actor: Actor) -> None:
    """Record the code of a system for a customer; the same again changes nothing. Raises UnableToKeepIdentityError."""
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise UnableToKeepIdentityError(
                Words(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
            )
        holder = identities.holder(system=system, code=code)
        if holder == customer.id:
            return
        if holder is not None:
            raise UnableToKeepIdentityError(
                Words(
                    zh=f"{system} 的编码 {code} 已属于另一个客户。如果是同一家，请合并。",
                    en=f"The code {code} of {system} names another customer. Merge them if they are one.",
                )
            )
        identities.keep(customer_id=customer.id, system=system, code=code, actor=actor)
        words = Words(zh=f"{system} 中的编码：{code}", en=f"code in {system}: {code}")
        entry = log.NewEntry(stream=f"customer:{customer.id}", kind="identity.recorded", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])
