"""Tell people what waits for them: each step once, by mail and chat with a link of their own; a digest in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tradecredit.apps.approvals import decision_links as links
from tradecredit.apps.approvals import flow_queries, queries
from tradecredit.apps.approvals.decision_links import NewLink
from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import kinds, notices
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.processes import course
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import people, workdays
from tradecredit.plumbing.access.models import User
from tradecredit.plumbing.outbox import messages
from tradecredit.plumbing.outbox.messages import NewMessage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.notices import Notices
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MAIL: Final = "mail"
_MOST: Final = 200
# Of the digest of a day nobody hears before this, where policy names no quiet hours.
_MORNING: Final = time(8, 30)
_ASKED: Final = Words(zh="待您审批：{zh} {subject}", en="Waits for you: {en} {subject}")
_BODY: Final = Words(
    zh="{asked_by} 申请：{kind}{amount}\n{why}\n{reason}",
    en="{asked_by} asks: {kind}{amount}\n{why}\n{reason}",
)
_LINK: Final = Words(
    zh="\n本链接只供您本人使用一次，{days} 天内有效，转发无效：\n{url}\n",
    en="\nThis link is yours alone, once, for {days} days; forwarding it has no effect:\n{url}\n",
)
_PLACE: Final = Words(zh="\n请在待办中心处理：{url}\n", en="\nDecide it among your tasks: {url}\n")
_DIGEST: Final = Words(zh="今日待办：{n} 项等待您审批", en="Today: {n} requests wait for you")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A step that waits for people, or a request that the authority table alone puts to them."""

    request: RequestRecord
    step: StepRecord | None = None

    @property
    def words(self) -> Words:
        kind = self.request.kind
        return kinds.KINDS.get(kind, Words(zh=kind, en=kind)) if self.step is None else self.step.words


def tell_deciders(*, company: Company, actor: Actor, chats: Sequence[str] = (), public_url: str = "") -> int:
    """Tell whoever an open step asks, unless they have been told; returns how many messages were made.

    ``chats`` are the chats that are set up; ``public_url`` is where people reach the pages.
    """
    with db.unit_of_work(actor):
        terms = _terms(company)
        if terms is None or not terms.link_days:
            return 0
        calls = _untold(company)
        return sum(
            _tell(call, person, channel, company=company, terms=terms, public_url=public_url)
            for call in calls
            for person in _asked(call)
            for channel in (_MAIL, *chats)
        )


def send_digests(*, company: Company, actor: Actor, public_url: str = "") -> int:
    """Tell everybody once a working morning how many steps wait for them; returns for how many people one was made."""
    zone = ZoneInfo(company.time_zone)
    now = clock.now().astimezone(zone)
    with db.unit_of_work(actor):
        terms = _terms(company)
        is_workday = workdays.calendar_of(company.pk, around=now.date()).is_workday(now.date())
        if terms is None or not is_workday or now.time() < (terms.quiet_until or _MORNING):
            return 0
        waiting: dict[UUID, tuple[User, int]] = {}
        for call in _calls(company):
            for person in _asked(call):
                waiting[person.pk] = (person, waiting.get(person.pk, (person, 0))[1] + 1)
        messages.put(
            company_id=company.pk,
            messages=[
                _digest(person, count, day=f"{now:%Y-%m-%d}", company=company, public_url=public_url)
                for person, count in waiting.values()
            ],
        )
        return len(waiting)


def _digest(person: User, count: int, *, day: str, company: Company, public_url: str) -> NewMessage:
    url = f"{public_url}/tasks"
    return NewMessage(
        channel=_MAIL,
        recipient=person.email,
        language=person.language,
        subject=_DIGEST.filled(n=count).in_language(person.language),
        body=_PLACE.filled(url=url).in_language(person.language),
        dedupe_key=f"digest:{company.pk}:{day}:{person.pk}",
        cause_kind="digest",
    )


def _calls(company: Company) -> list[_Call]:
    """Return everything that waits for people: the open steps of flows, and requests that run by none."""
    steps = flow_queries.open_steps(company_id=company.pk, is_service=False)
    requests = queries.by_ids(one.request_id for one in steps)
    found = [_Call(request=requests[one.request_id], step=one) for one in steps]
    return found + [_Call(request=one) for one in queries.open_without_flow(company_id=company.pk)]


def _untold(company: Company) -> list[_Call]:
    steps = links.untold_steps(company_id=company.pk, most=_MOST)
    alone = links.untold_requests(company_id=company.pk, most=_MOST)
    requests = queries.by_ids([*(one.request_id for one in steps), *alone])
    found = [_Call(request=requests[one.request_id], step=one) for one in steps]
    return found + [_Call(request=requests[one]) for one in alone]


def _tell(
    call: _Call, person: User, channel: str, *, company: Company, terms: Notices, public_url: str
) -> int:
    now = clock.now().astimezone(ZoneInfo(company.time_zone))
    request, language = call.request, person.language
    (link_id,) = links.make(
        [
            NewLink(
                company_id=company.pk,
                request_id=request.id,
                step_id=None if call.step is None else call.step.id,
                user_id=person.pk,
                channel=channel,
                expires_at=clock.real_now() + timedelta(days=terms.link_days),
            )
        ]
    )
    subject = " ".join(part for part in (request.customer_name, request.reference) if part)
    title = _ASKED.filled(zh=call.words.zh, en=call.words.en, subject=subject)
    new = NewMessage(
        channel=channel,
        recipient=person.email if channel == _MAIL else person.phone or person.name,
        language=language,
        subject=title.in_language(language),
        body=_body(request, terms=terms, public_url=public_url, language=language),
        dedupe_key=f"asked:{request.id if call.step is None else call.step.id}:{person.pk}:{channel}",
        cause_kind=links.CAUSE,
        cause_id=link_id,
        send_after=notices.leaves_at(now, terms),
    )
    return messages.put(company_id=company.pk, messages=[new])


def _body(request: RequestRecord, *, terms: Notices, public_url: str, language: str) -> str:
    words = kinds.KINDS.get(request.kind, Words(zh=request.kind, en=request.kind))
    amount = "" if request.amount is None else f" {request.amount.text()} {request.amount.currency}"
    said = Words(
        zh=_BODY.zh.format(
            asked_by=request.requested_by_name, kind=words.zh, amount=amount, why=request.why.zh,
            reason=request.reason,
        ),
        en=_BODY.en.format(
            asked_by=request.requested_by_name, kind=words.en, amount=amount, why=request.why.en,
            reason=request.reason,
        ),
    )  # fmt: skip
    if not public_url:
        return said.in_language(language) + _PLACE.filled(url=f"/tasks#request-{request.id}").in_language(
            language
        )
    link = _LINK.filled(days=terms.link_days, url=f"{public_url}/d/{links.PLACE}")
    return said.in_language(language) + link.in_language(language)


def _asked(call: _Call) -> list[User]:
    """Return who may decide now: whom the step was handed to, else whom it names and who holds its roles."""
    request, step = call.request, call.step
    given = request.votes if step is None else step.votes
    voters = {vote.actor_id for vote in given} | {request.requested_by_id}
    if step is not None and step.reserved_for is not None:
        found = list(User.objects.filter(pk=step.reserved_for, is_active=True))
    else:
        named = () if step is None else step.people
        roles = request.waits_for if step is None else step.roles
        found = list(User.objects.filter(pk__in=named, is_active=True)) if named else []
        found += people.people_with_role(company_id=request.company_id, roles=list(roles))
    return [one for one in dict.fromkeys(found) if one.pk not in voters]


def _terms(company: Company) -> Notices | None:
    try:
        return course.authority_today(company).notices
    except policies.UnableToFindPolicyError:
        return None
