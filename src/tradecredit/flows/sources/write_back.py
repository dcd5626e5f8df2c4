"""Tell other systems who is held and for how much: planned in the outbox, sent after the commit, the latest word counts.

What a system is to know is compared with what it was last wished to know, so every cause is seen: a freeze by hand or by
dunning, its end, a line that was granted or ran out. A message names the wish; when it leaves it says what is wished
then, and an older wish is dropped, so the order in which messages arrive does not matter.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.sources import wanted_standings
from tradecredit.apps.sources import operations, queries
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.money import Money
from tradecredit.core.sources.standings import Standing
from tradecredit.flows.sources import keep_connection
from tradecredit.flows.sources.erps import UnableToDescribeSourceError, UnableToReachSourceError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox import delivery, messages

if TYPE_CHECKING:
    from tradecredit.apps.sources.queries import ConnectionRecord, StandingRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.flows.sources.erps import Erp, Erps
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company
    from tradecredit.plumbing.outbox.delivery import Waiting

CHANNEL: Final = "source"
_BATCH: Final = 20
# Technical, not of the business: how often a system is told before a person has to look.
_ATTEMPTS: Final = 8


def plan(
    *,
    company: Company,
    connection: ConnectionRecord,
    actor: Actor,
) -> int:
    """Put a message into the outbox for every customer whose standing the system is not wished to know yet.

    Returns how many; nothing is sent here.
    """
    with db.unit_of_work(actor):
        wanted = wanted_standings.wanted(
            company_id=company.pk,
            system=connection.code,
            as_of=clock.today(company),
        )
        known = queries.standings(connection_id=connection.id)
        changed = [one for one in wanted if _is_news(one, known.get(one.customer_code))]
        rows = operations.want(connection=connection, standings=changed)
        messages.put(
            company_id=company.pk,
            messages=[
                messages.NewMessage(
                    channel=CHANNEL,
                    recipient=connection.code,
                    subject=one.customer_code,
                    body=canonical.dumps(one.content()),
                    # A wish that comes back after another one is a new message.
                    dedupe_key=f"{CHANNEL}:{rows[one.customer_code]}:{one.digest()}:{clock.now().isoformat()}",
                    cause_kind=CHANNEL,
                    cause_id=rows[one.customer_code],
                )
                for one in changed
            ],
        )
    return len(changed)


def plan_all(*, company: Company, actor: Actor) -> int:
    """Plan for every connection that is written to; costs one query where there is none."""
    with scope.entered(actor):
        found = queries.connections(company_id=company.pk, only_active=True)
    return sum(plan(company=company, connection=one, actor=actor) for one in found if one.writes_back)


def send(*, company: Company, actor: Actor, erps: Erps) -> int:
    """Send what waits in the outbox, a few messages a transaction; returns how many systems' customers were told."""
    told = 0
    opened: dict[str, Erp] = {}
    while True:
        with db.unit_of_work(actor):
            waiting = delivery.claim(company_id=company.pk, channel=CHANNEL, limit=_BATCH)
            if not waiting:
                return told
            told += sum(_send(company, one, actor=actor, erps=erps, opened=opened) for one in waiting)


def _is_news(wanted: Standing, known: StandingRecord | None) -> bool:
    if known is None:
        # Nobody is held and no line is set: there is nothing to say to a system that was never told anything.
        return wanted.is_held or not isinstance(wanted.limit, tagged.NotSet)
    return known.digest != wanted.digest()


def _send(company: Company, message: Waiting, *, actor: Actor, erps: Erps, opened: dict[str, Erp]) -> bool:
    """Tell a system one standing; ``opened`` are those that we signed in to already, since signing in is dear."""
    row = queries.standing_by_id(message.cause_id) if message.cause_id else None
    content = json.loads(message.body)
    if row is None or dict(row.wanted) != content:
        delivery.drop(message_id=message.id, because="a later standing is to be told instead")
        return False
    try:
        if message.recipient not in opened:
            opened[message.recipient] = _opened(company, message.recipient, actor=actor, erps=erps)
        opened[message.recipient].write(_standing(content))
    except (UnableToReachSourceError, UnableToDescribeSourceError) as error:
        _put_off(message, row, error.words)
        return False
    operations.mark_written(standing_id=row.id, digest=row.digest)
    delivery.mark_sent(sent=[delivery.Sent(message=message, subject=message.subject, body=message.body)])
    return True


def _opened(company: Company, code: str, *, actor: Actor, erps: Erps) -> Erp:
    connection = keep_connection.connection_named(company=company, code=code, actor=actor)
    keep_connection.refuse_without_secrets(connection, erps)
    return erps.open(connection)


def _put_off(message: Waiting, row: StandingRecord, words: Words) -> None:
    attempt = message.attempts + 1
    until = clock.now() + timedelta(minutes=2**attempt) if attempt < _ATTEMPTS else None
    delivery.put_off(message_id=message.id, failure=words.en, until=until)
    operations.mark_unwritten(standing_id=row.id, words=words)


def _standing(content: dict[str, str | bool]) -> Standing:
    text, currency = str(content["limit"]), str(content["currency"])
    found: tagged.Limit = tagged.NotSet()
    if text == tagged.text(tagged.Unlimited()):
        found = tagged.Unlimited()
    elif text != tagged.text(tagged.NotSet()):
        found = tagged.Amount(Money.of(text, currency))
    return Standing(
        customer_code=str(content["customer"]),
        is_held=bool(content["held"]),
        limit=found,
        currency=currency,
    )
