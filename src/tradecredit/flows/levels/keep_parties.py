"""Say who pays for a customer, whose account it shares, who gets its invoices and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import parties
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import PartyRole
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToKeepPartyError(UnableToError):
    """Unknown customers, an unknown role, or the customer itself."""

    code = "party_refused"
    status = 409


def keep_party(
    *,
    company: Company,
    customer_code: str,
    role: str,
    party_code: str | None,
    reason: str,
    actor: Actor,
    since: date | None = None,
) -> None:
    """Let a customer have another in a role from a day on, or nobody; orders that run stay where they count.

    Raises UnableToKeepPartyError.
    """
    day = since or clock.today(company)
    with db.unit_of_work(actor):
        customer = _customer(company, customer_code)
        party = None if party_code is None else _customer(company, party_code)
        if role not in PartyRole.values or (party is not None and party.id == customer.id):
            raise _refused(
                zh=f"角色为 {'、'.join(PartyRole.values)}，且须是另一个客户。",
                en=f"The role is one of {', '.join(PartyRole.values)}, and the party is another customer.",
            )
        account_locks.lock_accounts(node_queries.account_ids_of([customer.id]))
        parties.replace(
            company_id=company.pk,
            customer_id=customer.id,
            role=role,
            party_id=None if party is None else party.id,
            day=day,
            reason=reason,
            actor=actor,
        )
        sentence = f"{role}: {party_code or '—'} {reason}".strip()
        entry = log.NewEntry(
            stream=f"customer:{customer.id}", kind="party.changed", words=Words(zh=sentence, en=sentence)
        )
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _customer(company: Company, code: str) -> CustomerRecord:
    customer = dossier.customer_by_code(code)
    if customer is None or company.pk not in customer.company_ids:
        raise _refused(zh=f"没有代码为 {code} 的客户。", en=f"There is no customer {code}.")
    return customer


def _refused(*, zh: str, en: str) -> UnableToKeepPartyError:
    return UnableToKeepPartyError(Words(zh=zh, en=en))
