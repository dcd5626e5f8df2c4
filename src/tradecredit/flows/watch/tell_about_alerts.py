"""Raise alerts and tell everybody who is responsible: on the timeline, as an event, by mail, and in the chats of the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.monitoring import operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import ports
from tradecredit.flows.watch import write_letters
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events, messages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from tradecredit.analytics.collections.books import Addressee
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import User

LEVELS: Final[Mapping[str, Words]] = {
    "yellow": Words(zh="黄色预警", en="Yellow alert"),
    "orange": Words(zh="橙色预警", en="Orange alert"),
    "red": Words(zh="红色预警", en="Red alert"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An alert to raise, whose customer it is about, and which roles hear of it."""

    alert: operations.NewAlert
    addressee: Addressee
    roles: Sequence[str]


def open_rules(*, company_id: UUID, customer_ids: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Return (customer, rule) of the alerts that nobody has closed yet."""
    earlier = queries.earlier_alerts(company_id=company_id, customer_ids=customer_ids)
    return frozenset(
        (customer, alert.rule_code) for customer, found in earlier.items() for alert in found if alert.is_open
    )


def raise_and_tell(
    *, sender: write_letters.Sender, news: Sequence[News], actor: Actor
) -> Sequence[tuple[UUID, News]]:
    """Record the alerts that are new, with their event, timeline entry and messages; returns those with identifiers."""
    company_id = sender.company.pk
    made = operations.raise_alerts(
        company_id=company_id,
        policy_version_id=sender.policy.version_id,
        raised_on=sender.as_of,
        alerts=[one.alert for one in news],
    )
    told = [(made[one.alert.dedupe_key], one) for one in news if one.alert.dedupe_key in made]
    events.emit_many(
        name="alert.raised",
        company_id=company_id,
        payloads=[
            (
                one.alert.customer_id,
                {"customer_id": one.alert.customer_id, "alert_id": alert_id, "level": one.alert.level},
            )
            for alert_id, one in told
        ],
    )
    log.append(company_id=company_id, actor=actor, entries=[_entry(one) for _, one in told])
    chats = ports.chat_rooms_for(is_sandbox=sender.company.is_sandbox).names() if told else ()
    messages.put(
        company_id=company_id,
        messages=[message for alert_id, one in told for message in _messages(sender, alert_id, one, chats)],
    )
    return told


def _entry(one: News) -> log.NewEntry:
    words = _sentence(one)
    return log.NewEntry(
        stream=f"customer:{one.alert.customer_id}",
        kind="alert.raised",
        words=words,
        payload={"rule": one.alert.rule, "level": one.alert.level, "facts": dict(one.alert.facts)},
    )


def _sentence(one: News) -> Words:
    level = LEVELS[one.alert.level]
    return Words(zh=f"{level.zh}：{one.alert.words.zh}", en=f"{level.en}: {one.alert.words.en}")


def _messages(
    sender: write_letters.Sender, alert_id: UUID, one: News, chats: Sequence[str]
) -> list[messages.NewMessage]:
    people = sender.staff.with_roles(one.roles, whose=write_letters.whose(one.addressee))
    found = [
        _message(alert_id, one, channel="mail", recipient=person.email, person=person) for person in people
    ]
    if people and one.alert.level in sender.policy.monitoring.chat_levels:
        # A chat is a group: one message an alert is enough, and it calls the first who can be called.
        called = next((person for person in people if person.phone), people[0])
        found += [
            _message(alert_id, one, channel=chat, recipient=called.phone or called.name, person=called)
            for chat in chats
        ]
    return found


def _message(alert_id: UUID, one: News, *, channel: str, recipient: str, person: User) -> messages.NewMessage:
    said = _sentence(one).in_language(person.language)
    figures = "\n".join(f"- {name}: {value}" for name, value in sorted(one.alert.facts.items()))
    return messages.NewMessage(
        channel=channel,
        recipient=recipient,
        language=person.language,
        subject=f"{one.addressee.name} ({one.addressee.code}): {said}",
        body=f"{said}\n\n{figures}\n\n/customers/{one.addressee.code}\n",
        dedupe_key=f"alert:{alert_id}:{person.pk if channel == 'mail' else channel}",
        cause_kind="alert",
        cause_id=alert_id,
    )
