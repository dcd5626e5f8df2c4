"""Let another decide for oneself from a day to a day, and end it early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.approvals import delegations
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import User
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MADE: Final = Words(
    zh="{a} 委托 {b} 代为审批，{x} 至 {y}：{why}", en="{b} decides for {a} from {x} to {y}: {why}"
)


class UnableToDelegateError(UnableToError):
    """The delegation has no period, no reason, or nobody to decide."""

    code = "delegation_refused"
    status = 409


def delegate(
    *,
    company: Company,
    to_email: str,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    actor: Actor,
) -> UUID:
    """Let a colleague decide for the actor on those days; it gives them the actor's authority and no more.

    Raises UnableToDelegateError.
    """
    person = _colleague(to_email, company=company, actor=actor)
    if valid_from is None or valid_to is None or valid_to < max(valid_from, clock.today(company)):
        raise _refused(
            "请填写起止日期, 结束日不能早于今天。", "Give the first and the last day; it must not be over."
        )
    if not reason.strip():
        raise _refused("请写明委托原因。", "Say why you delegate.")
    with db.unit_of_work(actor):
        found = delegations.delegate(
            company_id=company.pk,
            to=(person.pk, person.name),
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason.strip(),
            actor=actor,
        )
        words = _MADE.filled(a=actor.name, b=person.name, x=valid_from, y=valid_to, why=reason.strip())
        entry = log.NewEntry(
            stream=f"person:{actor.user_id}", kind="delegation.made", words=words, payload={}
        )
        log.append(company_id=company.pk, actor=actor, entries=[entry])
    return found


def revoke(*, delegation_id: str, actor: Actor) -> None:
    """End one's own delegation now; raises UnableToDelegateError where there is none."""
    try:
        wanted = UUID(delegation_id)
    except ValueError as error:
        raise _refused("没有这项委托。", "There is no such delegation.") from error
    with db.unit_of_work(actor):
        if not delegations.revoke(wanted, actor=actor):
            raise _refused("没有这项有效的委托。", "There is no such delegation of yours.")


def _colleague(email: str, *, company: Company, actor: Actor) -> User:
    rows = User.objects.filter(email=email.strip().lower(), is_active=True, memberships__company=company)
    person = rows.first()
    if person is None or person.pk == actor.user_id:
        raise _refused(
            "请填写公司里另一位同事的邮箱。", "Name another colleague of the company by mail address."
        )
    return person


def _refused(zh: str, en: str) -> UnableToDelegateError:
    return UnableToDelegateError(Words(zh=zh, en=en))
