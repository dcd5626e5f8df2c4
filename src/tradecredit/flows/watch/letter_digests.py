"""Tell colleagues of the letters to their customers: one summary a person and run, however many letters it heard of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.core.collections import texts
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.watch import write_letters
from tradecredit.plumbing.outbox import messages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.analytics.collections.books import Account
    from tradecredit.apps.collections.operations import NewLetter
    from tradecredit.core.collections.dunning import Notice
    from tradecredit.flows.watch.write_letters import Sender
    from tradecredit.plumbing.access.models import User


@dataclass(slots=True, kw_only=True)
class Digests:
    """What each person will be told at the end of a run."""

    sender: Sender
    _people: dict[UUID, User] = field(default_factory=dict)
    _lines: defaultdict[UUID, list[Words]] = field(default_factory=lambda: defaultdict(list))
    _first: str = ""

    def add(self, notices: Sequence[tuple[Account, Notice]], drafts: Sequence[NewLetter]) -> None:
        """Note the letters for whoever gets a copy of their step."""
        if drafts:
            self._first = self._first or drafts[0].number
        for (account, notice), draft in zip(notices, drafts, strict=True):
            whose = write_letters.whose(account.addressee)
            for user in self.sender.staff.with_roles(notice.step.copy_roles, whose=whose):
                self._people[user.pk] = user
                self._lines[user.pk].append(_summary(account, notice, draft))

    def put(self) -> None:
        """Put one message a person into the outbox; nothing where nobody heard of anything."""
        messages.put(
            company_id=self.sender.company.pk,
            messages=[
                _digest(self.sender, user, self._lines[user.pk], first=self._first)
                for user in self._people.values()
            ],
        )


def _summary(account: Account, notice: Notice, draft: NewLetter) -> Words:
    who = f"{account.addressee.name} ({account.addressee.code})"
    amount = texts.figures(draft.total)
    items = texts.items(len(notice.lines), language="en")
    return Words(
        zh=f"- {who}：{notice.step.label.zh}，{len(notice.lines)} 笔，{amount}，编号 {draft.number}",
        en=f"- {who}: {notice.step.label.en}, {items}, {amount}, number {draft.number}",
    )


def _digest(sender: Sender, user: User, lines: Sequence[Words], *, first: str) -> messages.NewMessage:
    name = sender.company.name_en or sender.company.name
    letters = texts.counted(len(lines), one="letter", more="letters")
    subject = Words(
        zh=f"{sender.company.name} {sender.as_of} 催收摘要：{len(lines)}封函件",
        en=f"{name} {sender.as_of}: {letters} to your customers",
    )
    return messages.NewMessage(
        channel="mail",
        recipient=user.email,
        language=user.language,
        subject=subject.in_language(user.language),
        body="\n".join(line.in_language(user.language) for line in lines) + "\n",
        dedupe_key=f"digest:{user.pk}:{first}",
        cause_kind="letter_digest",
    )
