"""Take news: once each, of whom it speaks, for or against and by which words; what speaks against becomes a fact."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import news as records
from tradecredit.apps.sources import feeds as kept
from tradecredit.core.dossier import news
from tradecredit.core.dossier.likeness import names
from tradecredit.core.kernel.policy_document import Node
from tradecredit.flows.imports import record_facts
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.dossier.news import Judgement, Lexicon, Monitor
    from tradecredit.flows.imports.record_facts import FactRow
    from tradecredit.flows.news.feeds import Piece
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

FACT: Final = "negative_news"
# A shorter name would be found in every second text.
_NAME_LENGTH_MIN: Final = 4
_EVIDENCE_LENGTH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many pieces came, were new, repeat a story, name a customer, and speak against one."""

    read: int
    created: int
    repeated: int
    mentions: int
    negative: int


@dataclass(slots=True, kw_only=True)
class _Desk:
    """What one batch of news is judged with."""

    company: Company
    actor: Actor
    feed: str
    place: str
    lexicon: Lexicon
    monitors: Sequence[Monitor]
    names: news.Names
    customers: dict[str, tuple[UUID, str]]
    stories: dict[str, tuple[UUID, str]]


def take_news(*, company: Company, feed: str, place: str, pieces: Sequence[Piece], actor: Actor) -> Taken:
    """Record what is new and of interest: what names a customer, or what a monitor looks out for.

    The same piece twice changes nothing; the same story told elsewhere is kept with the first one and judged once.
    """
    with db.unit_of_work(actor):
        moment = clock.moment_in(company)
        desk = _desk(company, feed, place, actor=actor)
        keyed = {_key(feed, one): one for one in pieces}
        known = records.known_keys(company_id=company.pk, keys=keyed)
        new = [_item(desk, key, one, moment) for key, one in keyed.items() if key not in known]
        wanted = [one for one in new if one.mentions or one.monitors]
        facts: list[FactRow] = []
        repeated = 0
        for item in wanted:
            told = _recorded(desk, item)
            repeated += told
            facts += [] if told else _facts(desk, item, moment)
        if facts:
            record_facts.record_facts(rows=facts, company=company, actor=actor)
    return Taken(
        read=len(pieces),
        created=len(wanted),
        repeated=repeated,
        mentions=sum(len(one.mentions) for one in wanted),
        negative=len(facts),
    )


def _desk(company: Company, feed: str, place: str, *, actor: Actor) -> _Desk:
    day = clock.today(company)
    section = policy_section.section(company_id=company.pk, as_of=day)
    lexicon = news.lexicon(Node(section, "dossier").child("news"))
    since = clock.moment_in(company) - timedelta(days=lexicon.same_days)
    found = records.names_of_company(company_id=company.pk)
    return _Desk(
        company=company,
        actor=actor,
        feed=feed,
        place=place,
        lexicon=lexicon,
        monitors=kept.active_monitors(company_id=company.pk),
        names=news.Names(names_to_find((code, name) for _, code, name in found)),
        customers={code: (identifier, name) for identifier, code, name in found},
        stories=records.firsts_since(company_id=company.pk, moment=since),
    )


def names_to_find(customers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the names by which texts speak of customers, with the customer's code; one that two share is left out.

    ``示例省示例市恒达机电设备有限公司`` is found by itself, without its legal form, and as 恒达机电设备.
    """
    found: dict[str, set[str]] = {}
    for code, name in customers:
        parts = names.parts(name)
        for form in (parts.whole, parts.stem):
            if len(form) >= _NAME_LENGTH_MIN:
                found.setdefault(form, set()).add(code)
    return {form: next(iter(codes)) for form, codes in found.items() if len(codes) == 1}


def _item(desk: _Desk, key: str, piece: Piece, moment: datetime) -> records.NewItem:
    whole = f"{piece.title}\n{piece.text}"
    watching = news.watched(whole, monitors=desk.monitors)
    judgement = news.overruled(news.judge(whole, by=desk.lexicon), monitors=watching)
    mentions = tuple(_mention(desk, piece, code, named) for code, named in desk.names.in_text(whole).items())
    return records.NewItem(
        feed=desk.feed,
        place=desk.place,
        key=key,
        story=news.story_of(piece.title),
        same_as=None,
        title=piece.title,
        text=piece.text,
        address=piece.address,
        # Nothing is told before it happens: a moment to come is a wrong clock over there.
        published_at=min(piece.published_at or moment, moment),
        judgement=judgement,
        monitors=tuple(one.code for one in watching),
        mentions=mentions,
    )


def _mention(desk: _Desk, piece: Piece, code: str, named: str) -> records.NewMention:
    """Judge what is said of this customer, not what is said of others in the same text."""
    said = news.about(title=piece.title, text=piece.text, whose=code, names=desk.names)
    watching = news.watched(said, monitors=desk.monitors)
    return records.NewMention(
        customer_id=desk.customers[code][0],
        named=named,
        judgement=news.overruled(news.judge(said, by=desk.lexicon), monitors=watching),
        monitors=tuple(one.code for one in watching),
    )


def _recorded(desk: _Desk, item: records.NewItem) -> bool:
    """Record the item; tells whether its story was told before."""
    first = desk.stories.get(item.story)
    if first is None:
        first = next(
            (
                one
                for one in desk.stories.values()
                if news.is_alike(one[1], item.title, percent=desk.lexicon.same_percent)
            ),
            None,
        )
    placed = item if first is None else replace(item, same_as=first[0])
    identifier = records.record(company_id=desk.company.pk, item=placed, actor=desk.actor)
    if first is None:
        desk.stories[item.story] = (identifier, item.title)
    return first is not None


def _facts(desk: _Desk, item: records.NewItem, moment: datetime) -> list[FactRow]:
    """Return the fact of each customer against whom the item speaks, holding as long as the policy says."""
    codes = {identifier: code for code, (identifier, _) in desk.customers.items()}
    day = min(item.published_at, moment).date()
    return [
        record_facts.FactRow(
            customer_code=codes[one.customer_id],
            fact=FACT,
            value="yes",
            valid_from=day,
            valid_to=day + timedelta(days=desk.lexicon.fresh_days),
            source=f"news:{desk.feed}",
            evidence=_evidence(item, one.judgement),
        )
        for one in item.mentions
        if one.judgement.polarity == "negative"
    ]


def _evidence(item: records.NewItem, judgement: Judgement) -> str:
    words = ", ".join(f"{one.word} {one.points:+d}" for one in judgement.words if one.points)
    return f"{item.title} {item.address} [{words}]"[:_EVIDENCE_LENGTH]


def _key(feed: str, piece: Piece) -> str:
    """Return by what a piece is known again: its own key at its feed, else its headline and address."""
    told = piece.key or f"{piece.title}\x1f{piece.address}"
    return hashlib.sha256(f"{feed}\x1f{told}".encode()).hexdigest()
