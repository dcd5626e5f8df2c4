"""Decide out of a mail or a chat: by a link that is one person's, for one step, once; see Note [Links to decide]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import decision_links as links
from tradecredit.apps.approvals import flow_operations, flow_queries, queries
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.core.approvals import four_eyes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_together
from tradecredit.flows.processes import course
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from tradecredit.apps.approvals.decision_links import LinkRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.four_eyes import Standing
    from tradecredit.plumbing.access import Actor


class UnableToUseLinkError(UnableToError):
    """The link is no link of ours, another person's, used, or over; ``reason`` says which."""

    code = "decision_link_refused"
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link is about, for the person it was made for; ``wants_password`` where the amount is large."""

    request: RequestRecord
    company: Company
    wants_password: bool


def open_link(*, token: str, actor: Actor) -> Opened:
    """Return what a link is about; raises UnableToUseLinkError. Opening changes nothing, so machines may open links."""
    link = _of_actor(token, actor)
    with db.unit_of_work(actor):
        return _opened(link)


def decide(
    *, token: str, approves: bool, reason: str, actor: Actor, is_password_given: bool = False
) -> Standing:
    """Vote under a link and use it up, in one transaction; raises UnableToUseLinkError and what deciding raises.

    ``is_password_given`` says that the person has given their password with this very answer.
    """
    _of_actor(token, actor)
    with db.unit_of_work(actor):
        link = links.by_token(token, is_locked=True)
        assert link is not None  # noqa: S101 - it was found a moment ago, and links are never deleted
        opened = _opened(link)
        if opened.wants_password and not is_password_given:
            raise _refused(
                "password",
                zh="金额较大，请同时输入您的登录密码。",
                en="The amount is large: give your password with your answer.",
            )
        if not approves and not reason.strip():
            raise _refused("reason", zh="驳回须写明理由。", en="Rejecting needs a reason.")
        links.use(link.id)
        return decide_together.decide_one(
            opened.request, company=opened.company, approves=approves, reason=reason, actor=actor
        )


def _of_actor(token: str, actor: Actor) -> LinkRecord:
    """Return the actor's link; one that was made for somebody else is noted on its request."""
    with db.unit_of_work(actor):
        link = links.by_token(token)
        if link is None:
            raise _refused(
                "unknown",
                zh="链接无效。请从待办中心处理。",
                en="This is no link of ours. Decide it among your tasks.",
            )
        if link.user_id != actor.user_id:
            note = NewNote(kind="link_refused", once_key=f"link:{link.id}:{actor.user_id}")
            flow_operations.note(
                company_id=link.company_id, request_id=link.request_id, notes=[note], actor=actor
            )
    if link.user_id != actor.user_id:
        raise _refused(
            "another",
            zh="这个链接是发给别人的，转发无效；已记录。",
            en="This link was made for somebody else: forwarding it has no effect, and is on record.",
        )
    return link


def _opened(link: LinkRecord) -> Opened:
    if link.used_at is not None:
        raise _refused("used", zh="这个链接已经用过一次。", en="This link has been used.")
    if link.expires_at <= clock.real_now():
        raise _refused(
            "over", zh="链接已过期。请从待办中心处理。", en="The link is over. Decide it among your tasks."
        )
    request = queries.by_id(link.request_id)
    steps = flow_queries.steps_of([link.request_id]).get(link.request_id, ())
    is_waiting = link.step_id is None or any(one.id == link.step_id and one.is_open for one in steps)
    if request is None or request.status != "open" or not is_waiting:
        raise four_eyes.refusal(
            "closed",
            zh="这一步已经处理完毕，无需再操作。",
            en="This step has been decided: there is nothing left to do.",
        )
    company = Company.objects.get(pk=link.company_id)
    authority = course.authority_today(company)
    return Opened(
        request=request,
        company=company,
        wants_password=authority.notices.wants_password(request.amount, currency=authority.currency),
    )


def _refused(reason: str, *, zh: str, en: str) -> UnableToUseLinkError:
    return UnableToUseLinkError(Words(zh=zh, en=en), reason=reason)
