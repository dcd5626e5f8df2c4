"""Let a new customer be rated before the register was asked: by somebody with the authority, for a time, with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier import waivers
from tradecredit.core.dossier import verification
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToWaiveVerificationError(UnableToError):
    """Unknown customer, no reason, or longer than the policy allows."""

    code = "waiver_refused"


def waive_verification(
    *, customer_code: str, reason: str, evidence: str, until: date | None, company: Company, actor: Actor
) -> None:
    """Record the waiver from today until the day (by default as long as the policy allows).

    Raises UnableToWaiveVerificationError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise _refused(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
        if not reason.strip():
            raise _refused(zh="请写明豁免的理由。", en="Say why verification is waived.")
        policy = verification.parse(policy_section.section(company_id=company.pk, as_of=day))
        latest = day + timedelta(days=policy.waiver_days_max)
        ends = until or latest
        if not day < ends <= latest:
            raise _refused(
                zh=f"豁免最长到 {latest}，且须晚于今天。",
                en=f"A waiver ends after today and by {latest} at the latest.",
            )
        waivers.record(
            customer_id=customer.id, company_id=company.pk, reason=reason.strip(), evidence=evidence.strip(),
            valid_from=day, valid_to=ends, actor=actor,
        )  # fmt: skip
        words = Words(
            zh=f"豁免工商核验至 {ends}：{reason.strip()}",
            en=f"verification waived until {ends}: {reason.strip()}",
        )
        entry = log.NewEntry(stream=f"customer:{customer.id}", kind="verification.waived", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refused(*, zh: str, en: str) -> UnableToWaiveVerificationError:
    return UnableToWaiveVerificationError(Words(zh=zh, en=en))
