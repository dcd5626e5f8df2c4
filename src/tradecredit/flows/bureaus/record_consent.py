"""Record what a customer allows to be asked and kept, or that it no longer does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import consents
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import ConsentScope
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToRecordConsentError(UnableToError):
    """Unknown customer or scope, no purpose, or a time that ends before it begins."""

    code = "consent_refused"


def record_consent(
    *,
    customer_code: str,
    scope: str,
    is_granted: bool,
    purpose: str,
    evidence: str,
    valid_from: date | None,
    valid_to: date | None,
    company: Company,
    actor: Actor,
) -> None:
    """Append the grant or withdrawal; a grant says what for. Raises UnableToRecordConsentError."""
    day = valid_from or clock.today(company)
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise _refused(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
        if scope not in ConsentScope.values:
            known = ", ".join(ConsentScope.values)
            raise _refused(zh=f"授权范围应为 {known}。", en=f"The scope is one of {known}.")
        if is_granted and not purpose.strip():
            raise _refused(zh="请写明授权的用途。", en="Say what the consent is for.")
        if valid_to is not None and valid_to <= day:
            raise _refused(zh="授权的截止日早于起始日。", en="The consent ends before it begins.")
        consents.record(
            customer_id=customer.id,
            company_id=company.pk,
            scope=scope,
            is_granted=is_granted,
            purpose=purpose.strip(),
            evidence=evidence,
            valid_from=day,
            valid_to=valid_to,
            actor=actor,
        )
        _tell_if_ended(company, customer.id, scope, is_granted=is_granted)
        words = _sentence(scope, purpose, is_granted=is_granted)
        entry = log.NewEntry(stream=f"customer:{customer.id}", kind="consent.recorded", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _tell_if_ended(company: Company, customer_id: UUID, scope: str, *, is_granted: bool) -> None:
    """Say that a consent is gone, so that what rested on it is looked at again."""
    payload = {"customer_id": customer_id, "scope": scope}
    if not is_granted:
        events.emit(name="consent.ended", company_id=company.pk, subject=customer_id, payload=payload)


def _sentence(scope: str, purpose: str, *, is_granted: bool) -> Words:
    return Words(
        zh=f"{'登记授权' if is_granted else '撤回授权'}：{scope} {purpose}".strip(),
        en=f"consent {'given' if is_granted else 'withdrawn'}: {scope} {purpose}".strip(),
    )


def _refused(*, zh: str, en: str) -> UnableToRecordConsentError:
    return UnableToRecordConsentError(Words(zh=zh, en=en))
