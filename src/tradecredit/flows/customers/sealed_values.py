"""Read sealed values for a purpose, which is written down; erase them when asked to, or when they outlive their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import consents, seals
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import ConsentScope
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PURPOSE_LENGTH: Final = 200
_BY_RETENTION: Final = Words(zh="保存期限已到", en="kept as long as the policy allows")


class UnableToReadSealedError(UnableToError):
    """Unknown customer or scope, no purpose, or no consent in force."""

    code = "sealed"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Sealed values of one scope in clear, by name."""

    scope: str
    facts: Mapping[str, RecordedFact]


def read_sealed(*, customer_code: str, scope: str, purpose: str, company: Company, actor: Actor) -> Opened:
    """Return the values of a scope in clear and write down who read them and what for.

    Raises UnableToReadSealedError, also where the customer's consent has ended or was withdrawn.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer = _customer(customer_code, scope, company)
        if not 0 < len(purpose.strip()) <= _PURPOSE_LENGTH:
            raise _refused(zh="请写明查看的用途。", en="Say what the values are read for.")
        agreed = consents.in_force(customer_ids=[customer.id], company_id=company.pk, as_of=day)
        if scope not in agreed.get(customer.id, frozenset()):
            raise _refused(
                zh=f"客户没有有效的授权（{scope}），不能查看。",
                en=f"The customer's consent ({scope}) is missing or has ended.",
            )
        known = dossier.facts_in_force(customer_ids=[customer.id], as_of=day).get(customer.id, {})
        found = {name: fact for name, fact in known.items() if seals.scope_of(name) == scope}
        seals.record_read(
            company_id=company.pk, customer_id=customer.id, scope=scope, names=sorted(found),
            purpose=purpose.strip(), actor=actor,
        )  # fmt: skip
        words = Words(
            zh=f"查看授权资料（{scope}），用途：{purpose.strip()}",
            en=f"sealed values read ({scope}), purpose: {purpose.strip()}",
        )
        _log(company, actor, customer.id, kind="sealed.read", words=words)
    return Opened(scope=scope, facts=found)


def erase_sealed(
    *, customer_code: str, scopes: Sequence[str], reason: str, company: Company, actor: Actor
) -> int:
    """Erase every sealed value of the scopes for good; return how many. What was decided keeps its reasons.

    Raises UnableToReadSealedError.
    """
    with db.unit_of_work(actor):
        if not scopes:
            raise _refused(zh="请选择要删除的资料。", en="Say which values to erase.")
        customers = [_customer(customer_code, scope, company) for scope in scopes]
        if not reason.strip():
            raise _refused(zh="请写明删除的理由。", en="Say why they are erased.")
        return _erase(customers[0].id, scopes, reason.strip(), company, actor, days=None)


def erase_outlived(*, company: Company, actor: Actor) -> int:
    """Erase what is older than the company's own published ``retention`` allows; return how many values.

    Nothing is erased by a default: what is gone does not come back.
    """
    section = policy_section.published(company_id=company.pk, as_of=clock.today(company))
    if "retention" not in section:
        return 0
    node = Node(section, "dossier").child("retention")
    total = 0
    for scope in ConsentScope.values:
        days = node.child(scope).count(least=1)
        before = clock.now() - timedelta(days=days)
        with db.unit_of_work(actor):
            for customer_id in seals.outlived(scope=scope, before=before):
                total += _erase(customer_id, [scope], _BY_RETENTION.en, company, actor, days=days)
    return total


def _erase(
    customer_id: UUID, scopes: Sequence[str], reason: str, company: Company, actor: Actor, *, days: int | None
) -> int:
    before = None if days is None else clock.now() - timedelta(days=days)
    count = seals.destroy(customer_id=customer_id, scopes=scopes, reason=reason, actor=actor, before=before)
    named = ", ".join(scopes)
    words = Words(
        zh=f"已删除授权资料（{named}）共 {count} 项，密钥已销毁。理由：{reason}",
        en=f"sealed values erased ({named}): {count}; their keys are destroyed. Reason: {reason}",
    )
    _log(company, actor, customer_id, kind="sealed.erased", words=words)
    return count


def _customer(code: str, scope: str, company: Company) -> CustomerRecord:
    found = dossier.customer_by_code(code)
    if found is None or company.pk not in found.company_ids:
        raise _refused(zh=f"没有客户 {code}。", en=f"There is no customer {code}.")
    if scope not in ConsentScope.values:
        known = ", ".join(ConsentScope.values)
        raise _refused(zh=f"范围应为 {known}。", en=f"The scope is one of {known}.")
    return found


def _log(company: Company, actor: Actor, customer_id: UUID, *, kind: str, words: Words) -> None:
    entry = log.NewEntry(stream=f"customer:{customer_id}", kind=kind, words=words)
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refused(*, zh: str, en: str) -> UnableToReadSealedError:
    return UnableToReadSealedError(Words(zh=zh, en=en))
