"""The first round trip of a batch of quick checks: lock its keys and accounts, read what is to be known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from tradecredit.core.decisions import quick
from tradecredit.flows.orders.quick_values import Account
from tradecredit.plumbing.postgres import binary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.flows.orders.quick_values import Asked
    from tradecredit.plumbing.postgres.pipelined import Line, Rows

_PATIENCE: Final = binary.text("3s")
_BEGIN: Final = (b"BEGIN", ())
_ACCOUNTS: Final = b"SELECT * FROM order_checks_accounts($1, $2, $3, $4)"
_GATHER: Final = b"SELECT * FROM order_checks_gather($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
_REMEMBERED_MOST: Final = 1 << 17


class Key(NamedTuple):
    """What is known of a key that was used before, or is being used now."""

    is_free: bool
    request_hash: str | None
    answer: str | None
    status: int | None


@dataclass(slots=True)
class Standing:
    """One account under its lock; ``balances`` change as the orders of the batch take room."""

    account: Account
    is_plain: bool
    standing_id: str | None
    balances: quick.Balances


@dataclass(slots=True)
class Read:
    """What was read for a batch: by the place of the check, policies by company and day."""

    standings: list[Standing | None]
    keys: dict[int, Key] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    policies: dict[tuple[str, date], str] = field(default_factory=dict)


_remembered: dict[tuple[str, str, str], Account] = {}


async def read(line: Line, asked: Sequence[Asked]) -> Read:
    """Begin a transaction, lock the batch's keys and accounts and return what is known of them under the lock."""
    accounts = await _accounts(line, asked)
    companies = {one.company.code: one.company.pk for one in asked}
    company_bytes = {code: identifier.bytes for code, identifier in companies.items()}
    keyed = [(place, one.scope, one.key) for place, one in enumerate(asked) if one.key is not None]
    places: dict[bytes, int] = {}
    days: list[date] = []
    for account, one in zip(accounts, asked, strict=True):
        if account is not None and account.id not in places:
            places[account.id] = len(days)
            days.append(one.day)
    dated = list({(one.company.code, one.day) for one in asked})
    (_, rows) = await line.run(
        _BEGIN,
        (
            _GATHER,
            (
                binary.text(",".join(map(str, companies.values()))),
                _PATIENCE,
                binary.texts([scope for _, scope, _ in keyed]),
                binary.texts([key for _, _, key in keyed]),
                binary.uuids(list(places)),
                binary.days(days),
                binary.uuids([company_bytes[code] for code, _ in dated]),
                binary.days([day for _, day in dated]),
                binary.uuids([company_bytes[one.company.code] for one in asked]),
                binary.texts([one.reference for one in asked]),
            ),
        ),
    )
    found = _read(rows, accounts, places, keyed=[place for place, _, _ in keyed], dated=dated)
    for one, standing in zip(asked, found.standings, strict=True):
        if standing is None:
            forget(one)
    return found


def forget(one: Asked) -> None:
    """Look the account up again next time: it is not there, or no longer that customer's."""
    _remembered.pop(_name(one), None)


def _read(
    rows: Rows,
    accounts: Sequence[Account | None],
    places: dict[bytes, int],
    *,
    keyed: Sequence[int],
    dated: Sequence[tuple[str, date]],
) -> Read:
    found = Read([])
    opened: dict[int, Standing] = {}
    given = {places[one.id]: one for one in accounts if one is not None}
    for kind, place, is_so, name, answer, status, *stages in rows:
        at = place - 1
        if kind == "a":
            opened[at] = Standing(given[at], bool(is_so), name, quick.Balances._make(stages))
        elif kind == "k":
            found.keys[keyed[at]] = Key(is_so, name, answer, status)
        elif kind == "o":
            found.known.add(at)
        else:
            found.policies[dated[at]] = name
    found.standings = [None if one is None else opened.get(places[one.id]) for one in accounts]
    return found


async def _accounts(line: Line, asked: Sequence[Asked]) -> list[Account | None]:
    """Return the account of each check, asking the database for those that nobody asked for before."""
    names = [_name(one) for one in asked]
    missing = {name: one for name, one in zip(names, asked, strict=True) if name not in _remembered}
    if missing:
        if len(_remembered) > _REMEMBERED_MOST:
            _remembered.clear()
        wanted = list(missing.values())
        (rows,) = await line.run(
            (
                _ACCOUNTS,
                (
                    binary.text(",".join(sorted({str(one.company.pk) for one in wanted}))),
                    binary.uuids([one.company.pk.bytes for one in wanted]),
                    binary.texts([one.customer for one in wanted]),
                    binary.texts([one.currency for one in wanted]),
                ),
            )
        )
        known = list(missing)
        for place, account_id, is_demo in rows:
            _remembered[known[place - 1]] = Account(account_id.bytes, is_demo)
    return [_remembered.get(name) for name in names]


def _name(one: Asked) -> tuple[str, str, str]:
    return one.company.code, one.customer, one.currency
