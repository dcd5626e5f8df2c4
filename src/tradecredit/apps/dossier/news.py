"""What was said of customers in public: recorded once, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery

from tradecredit.apps.dossier.models import Customer, NewsItem, NewsMention
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.dossier.news import Judgement
    from tradecredit.plumbing.access import Actor

_TITLE_LENGTH = 300
_TEXT_LENGTH = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMention:
    """A customer named in a piece of news."""

    customer_id: UUID
    named: str
    judgement: Judgement
    monitors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A piece of news to record; ``same_as`` is the first that told the same story."""

    feed: str
    place: str
    key: str
    story: str
    same_as: UUID | None
    title: str
    text: str
    address: str
    published_at: datetime
    judgement: Judgement
    monitors: tuple[str, ...]
    mentions: tuple[NewMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRecord:
    """Of whom a piece of news speaks, for or against, and the words that decided it."""

    customer_code: str
    customer_name: str
    named: str
    polarity: str
    score: int
    words: Sequence[Sequence[Any]]
    monitors: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """A piece of news as it stands in the books; ``told_again`` is how often others told the same."""

    id: UUID
    feed: str
    place: str
    title: str
    text: str
    address: str
    polarity: str
    score: int
    words: Sequence[Sequence[Any]]
    monitors: Sequence[str]
    published_at: datetime
    received_at: datetime
    recorded_by: str
    mentions: tuple[MentionRecord, ...]
    told_again: int


def names_of_company(*, company_id: UUID) -> tuple[tuple[UUID, str, str], ...]:
    """Return identifier, code and name of the company's customers, those of merged records left out."""
    rows = Customer.objects.filter(company_ids__contains=[company_id], merged_into=None)
    return tuple(rows.order_by("code").values_list("id", "code", "name"))


def known_keys(*, company_id: UUID, keys: Iterable[str]) -> frozenset[str]:
    """Return those of the keys that are recorded."""
    rows = NewsItem.objects.filter(company_id=company_id, key__in=list(keys))
    return frozenset(rows.values_list("key", flat=True))


def firsts_since(*, company_id: UUID, moment: datetime) -> dict[str, tuple[UUID, str]]:
    """Return the stories told since the moment: the first item of each with its headline, by the story's digest."""
    rows = NewsItem.objects.filter(company_id=company_id, published_at__gte=moment, same_as=None)
    found: dict[str, tuple[UUID, str]] = {}
    for row in rows.order_by("published_at", "id").only("id", "story", "title"):
        found.setdefault(row.story, (row.pk, row.title))
    return found


def record(*, company_id: UUID, item: NewItem, actor: Actor) -> UUID:
    """Append a piece of news with whom it names; returns its identifier."""
    db.transaction_required()
    moment, identifier = clock.now(), ids.new_id()
    row = NewsItem.objects.create(
        id=identifier,
        company_id=company_id,
        feed=item.feed,
        place=item.place,
        key=item.key,
        story=item.story,
        same_as_id=item.same_as,
        title=item.title[:_TITLE_LENGTH],
        text=item.text[:_TEXT_LENGTH],
        address=item.address,
        polarity=item.judgement.polarity,
        score=item.judgement.score,
        words=_words(item.judgement),
        monitors=list(item.monitors),
        published_at=item.published_at,
        received_at=moment,
        recorded_by=actor.name,
    )
    NewsMention.objects.bulk_create(
        NewsMention(
            company_id=company_id,
            item=row,
            customer_id=one.customer_id,
            named=one.named,
            polarity=one.judgement.polarity,
            score=one.judgement.score,
            words=_words(one.judgement),
            monitors=list(one.monitors),
            recorded_at=moment,
        )
        for one in item.mentions
    )
    return identifier


def latest(*, company_id: UUID, polarity: str = "", feed: str = "", most: int = 60) -> tuple[ItemRecord, ...]:
    """Return the latest stories, each once, newest first."""
    rows = NewsItem.objects.filter(company_id=company_id, same_as=None)
    if polarity:
        rows = rows.filter(polarity=polarity)
    if feed:
        rows = rows.filter(feed=feed)
    return _records(list(rows.order_by("-published_at", "-id")[:most]))


def of_customer(
    *, company_id: UUID, customer_id: UUID, known_at: datetime | None = None, most: int = 20
) -> tuple[ItemRecord, ...]:
    """Return the latest stories that name the customer, as known at the moment, with what is said of it; one statement."""
    again = NewsItem.objects.filter(same_as=OuterRef("item_id")).values("same_as").annotate(times=Count("pk"))
    rows = (
        NewsMention.objects.filter(company_id=company_id, customer_id=customer_id, item__same_as=None)
        .select_related("item", "customer")
        .annotate(told_again=Subquery(again.values("times")))
    )
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    return tuple(
        _record(row.item, (_mention(row),), row.told_again or 0)
        for row in rows.order_by("-item__published_at", "-item_id")[:most]
    )


def _records(rows: Sequence[NewsItem]) -> tuple[ItemRecord, ...]:
    identifiers = [row.pk for row in rows]
    mentions: dict[UUID, list[MentionRecord]] = {}
    for one in NewsMention.objects.filter(item_id__in=identifiers).select_related("customer").order_by("id"):
        mentions.setdefault(one.item_id, []).append(_mention(one))
    again: dict[UUID, int] = {}
    for first in NewsItem.objects.filter(same_as_id__in=identifiers).values_list("same_as_id", flat=True):
        if first is not None:
            again[first] = again.get(first, 0) + 1
    return tuple(_record(row, tuple(mentions.get(row.pk, ())), again.get(row.pk, 0)) for row in rows)


def _record(row: NewsItem, mentions: tuple[MentionRecord, ...], told_again: int) -> ItemRecord:
    return ItemRecord(
        id=row.pk,
        feed=row.feed,
        place=row.place,
        title=row.title,
        text=row.text,
        address=row.address,
        polarity=row.polarity,
        score=row.score,
        words=row.words,
        monitors=row.monitors,
        published_at=row.published_at,
        received_at=row.received_at,
        recorded_by=row.recorded_by,
        mentions=mentions,
        told_again=told_again,
    )


def _mention(row: NewsMention) -> MentionRecord:
    return MentionRecord(
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        named=row.named,
        polarity=row.polarity,
        score=row.score,
        words=row.words,
        monitors=row.monitors,
    )


def _words(judgement: Judgement) -> list[list[Any]]:
    return [[one.word, one.points, one.topic, one.turned_by] for one in judgement.words]
