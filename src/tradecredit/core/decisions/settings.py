"""Inherited settings: which value holds for a customer, and where it comes from.

A level that says nothing is not a level that says 0: nothing lets the wider level speak, 0 is a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DOCUMENTS: Final = ("order", "amendment", "reopen", "delivery", "invoice")
STRENGTHS: Final = ("none", "warn", "special", "block")
EXCLUDED: Final = "excluded_from_checks"
RESERVATION_DAYS: Final = "reservation_days"
SMALL_DOCUMENTS: Final = "small_documents"
POLICY: Final = "policy"
NOT_SET: Final = "not set"

LABELS: Final = {
    **{
        f"strength.{document}": Words(zh=f"控制强度：{zh}", en=f"Strength: {document}")
        for document, zh in zip(DOCUMENTS, ("订单", "改单", "重新打开", "发货", "开票"), strict=True)
    },
    EXCLUDED: Words(zh="免于信用检查", en="Excluded from checks"),
    RESERVATION_DAYS: Words(zh="额度预占天数", en="Days that room is kept"),
    SMALL_DOCUMENTS: Words(zh="小额豁免线", en="Small-document line"),
}


class BadSettingError(ValueError):
    """The name is none of ours, or the value does not look like one of its kind; ``words`` says what is expected."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Level(IntEnum):
    """From the widest to the narrowest."""

    HOUSE = 0
    COMPANY = 1
    CLASS = 2
    CUSTOMER = 3


LEVEL_WORDS: Final = {
    POLICY: Words(zh="政策默认", en="policy"),
    NOT_SET: Words(zh="未设置", en="not set"),
    "house": Words(zh="全集团", en="every company"),
    "company": Words(zh="公司", en="company"),
    "class": Words(zh="客户类别", en="class of customers"),
    "customer": Words(zh="客户", en="customer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one level says about one setting from a day on; no value: it says nothing any more."""

    name: str
    level: Level
    place: str
    value: str | None
    valid_from: date
    valid_to: date | None = None
    sequence: int = 0

    def holds_on(self, day: date) -> bool:
        """Tell whether the entry is in force."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """The value that holds and where it comes from; ``value`` None is "not set", which is never 0.

    ``origin`` is a level, ``policy`` or ``not set``; ``place`` names whose: a company, a class, a customer.
    """

    name: str
    value: str | None
    origin: str
    place: str = ""
    since: date | None = None
    until: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it for recording."""
        return {
            "name": self.name,
            "value": self.value,
            "origin": self.origin,
            "place": self.place,
            "since": None if self.since is None else self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
        }


def resolve(name: str, entries: Iterable[Entry], *, as_of: date, default: str | None) -> Effective:
    """Return the value of the narrowest level that says one, else policy's.

    Company 30 days, class says nothing, customer 0: the customer's 0 holds. Customer says nothing: 30 hold.
    """
    standing: dict[Level, Entry] = {}
    for entry in entries:
        if entry.name == name and entry.holds_on(as_of):
            before = standing.get(entry.level)
            if before is None or (before.valid_from, before.sequence) <= (entry.valid_from, entry.sequence):
                standing[entry.level] = entry
    for level in sorted(standing, reverse=True):
        entry = standing[level]
        if entry.value is not None:
            return Effective(
                name=name,
                value=entry.value,
                origin=level.name.lower(),
                place=entry.place,
                since=entry.valid_from,
                until=entry.valid_to,
            )
    return Effective(name=name, value=default, origin=NOT_SET if default is None else POLICY)


def from_dict(document: Mapping[str, Any]) -> Effective:
    """Read what `Effective.as_dict` wrote."""
    since, until = document["since"], document["until"]
    return Effective(
        name=document["name"],
        value=document["value"],
        origin=document["origin"],
        place=document["place"],
        since=None if since is None else date.fromisoformat(since),
        until=None if until is None else date.fromisoformat(until),
    )


def find(settings: Iterable[Effective], name: str) -> Effective | None:
    """Return the setting that overrides policy, if one does."""
    return next((one for one in settings if one.name == name), None)


def check(name: str, value: str) -> str:
    """Return the value as it is stored; raises BadSettingError for an unknown name or a value not of its kind."""
    base, _, currency = name.partition(".")
    if base == "strength" and currency in DOCUMENTS:
        return _one_of(name, value, STRENGTHS)
    if name == EXCLUDED:
        return _one_of(name, value, ("yes", "no"))
    if name == RESERVATION_DAYS:
        return str(_whole(name, value))
    if base == SMALL_DOCUMENTS and currency:
        return _amount(name, value, currency)
    known = ", ".join([*LABELS, f"{SMALL_DOCUMENTS}.CNY"])
    raise BadSettingError(
        Words(
            zh="没有名为 {name} 的设置；可用：{known}。", en="There is no setting {name}; known are {known}."
        ).filled(name=name, known=known)
    )


def label(name: str) -> Words:
    """Return what a setting is called; of an amount with its currency."""
    base, _, currency = name.partition(".")
    if base == SMALL_DOCUMENTS and currency:
        words = LABELS[SMALL_DOCUMENTS]
        return Words(zh=f"{words.zh} {currency}", en=f"{words.en} {currency}")
    return LABELS.get(name, Words(zh=name, en=name))


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _bad(name, ", ".join(allowed))
    return value


def _whole(name: str, value: str) -> int:
    if not value.isdecimal():
        raise _bad(name, "0, 1, 2, …")
    return int(value)


def _amount(name: str, value: str, currency: str) -> str:
    try:
        amount = money.parse(value, money.parse_currency(currency))
    except (InvalidMoneyError, InvalidOperation) as error:
        raise _bad(name, f"500.00 ({currency})") from error
    if amount.amount < Decimal(0):
        raise _bad(name, "≥ 0")
    return amount.text()


def _bad(name: str, expected: str) -> BadSettingError:
    return BadSettingError(
        Words(zh="设置 {name} 的值应为：{expected}。", en="{name} takes {expected}.").filled(
            name=name, expected=expected
        )
    )
