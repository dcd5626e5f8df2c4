"""Find the pairs of records that may be one customer, and say how sure that is and why.

The features and their weights stand in one table; where a pair is looked at and where it is taken as one is policy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tradecredit.core.dossier import identifiers
from tradecredit.core.dossier.likeness import names
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_BLOCK_MAX: Final = 60
_PHONE_DIGITS: Final = 7
_SHORT_ADDRESS: Final = 6
_SAME_NUMBER: Final = 100
_OTHER_NUMBER: Final = 0

# What speaks for one customer: points of a hundred, added up to a hundred.
NAME_POINTS: Final = {
    "same_name": 88,
    "same_stem": 80,
    "former_name": 90,
    "same_sound": 74,
    "one_edit": 62,
    "short_for": 55,
    "near": 45,
}
SUPPORT_POINTS: Final = {"phone": 34, "address": 30, "email": 20, "person": 14}
_NEAR: Final = Fraction(18, 25)

LABELS: Final = {
    "number": Words(zh="统一社会信用代码相同", en="same registered number"),
    "same_name": Words(zh="名称相同", en="same name"),
    "same_stem": Words(zh="字号与行业相同", en="same name but for place and legal form"),
    "former_name": Words(zh="与曾用名相同", en="the name of one is a former name of the other"),
    "same_sound": Words(zh="读音相同", en="the names sound the same"),
    "one_edit": Words(zh="名称只差一处", en="the names differ in one place"),
    "short_for": Words(zh="一个是另一个的简称", en="one is short for the other"),
    "near": Words(zh="名称相近", en="the names are near"),
    "phone": Words(zh="电话相同", en="same telephone"),
    "address": Words(zh="地址相同", en="same address"),
    "email": Words(zh="邮箱相同", en="same e-mail"),
    "person": Words(zh="联系人或法人相同", en="a person in common"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is known of a record for telling whether it is the same customer as another."""

    id: str
    name: str
    uscc: str = ""
    former_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records with the points (0 to 100) that speak for one customer, and what they are for."""

    one: str
    other: str
    points: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A party with what is compared."""

    party: Party
    uscc: str
    parts: names.NameParts
    former: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    people: frozenset[str]
    address: str
    keys: tuple[str, ...] = field(default=())


def find(parties: Sequence[Party], *, least: int) -> tuple[Pair, ...]:
    """Return the pairs with at least so many points, the surest first.

    Only records that share a number, a telephone, an address, a name or a piece of its sound are compared, so that the
    work grows with the number of records and not with its square.
    """
    read = {party.id: _read(party) for party in parties}
    found = []
    for one, other in _candidates(read):
        pair = compare(read[one], read[other])
        if pair.points >= least:
            found.append(pair)
    return tuple(sorted(found, key=lambda pair: (-pair.points, pair.one, pair.other)))


def compare(one: _Read, other: _Read) -> Pair:
    """Return the points of a pair; two valid numbers that differ are two customers, whatever they are called."""
    ids = {"one": one.party.id, "other": other.party.id}
    if one.uscc and other.uscc:
        if one.uscc == other.uscc:
            return Pair(points=_SAME_NUMBER, evidence=("number",), **ids)
        return Pair(points=_OTHER_NUMBER, evidence=(), **ids)
    by_name = _by_name(one, other)
    support = tuple(_support(one, other))
    points = NAME_POINTS.get(by_name, 0) + sum(SUPPORT_POINTS[each] for each in support)
    # Neighbours in one building share an address and a telephone: without a name in common they are two.
    if not by_name:
        return Pair(points=_OTHER_NUMBER, evidence=support, **ids)
    return Pair(points=min(points, _SAME_NUMBER), evidence=(by_name, *support), **ids)


def _by_name(one: _Read, other: _Read) -> str:
    left, right = one.parts, other.parts
    if left.whole == right.whole:
        return "same_name"
    if left.whole in other.former or right.whole in one.former:
        return "former_name"
    if left.stem == right.stem:
        return "same_stem"
    if left.sound == right.sound:
        return "same_sound"
    shorter, longer = sorted((left.stem, right.stem), key=len)
    distance = names.nearness(left.stem, right.stem)
    is_one_edit = (1 - distance) * len(longer) == 1
    if is_one_edit and len(shorter) > 2:  # noqa: PLR2004 - of two characters one edit leaves nothing in common
        return "one_edit"
    if names.is_short_for(shorter, longer) or left.heart == right.heart:
        return "short_for"
    return "near" if distance >= _NEAR else ""


def _support(one: _Read, other: _Read) -> Iterator[str]:
    if one.phones & other.phones:
        yield "phone"
    if one.address and other.address and _is_same_address(one.address, other.address):
        yield "address"
    if one.emails & other.emails:
        yield "email"
    if one.people & other.people:
        yield "person"


def _is_same_address(one: str, other: str) -> bool:
    """Tell whether two addresses end the same: province and city are often left out."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORT_ADDRESS and longer.endswith(shorter)


def _read(party: Party) -> _Read:
    check = identifiers.check_uscc(party.uscc) if party.uscc else None
    phones = frozenset(
        digits[-_PHONE_DIGITS:]
        for text in party.phones
        if len(digits := re.sub(r"\D", "", text)) >= _PHONE_DIGITS
    )
    return _Read(
        party=party,
        uscc=party.uscc if check is not None and check.is_valid else "",
        parts=names.parts(party.name),
        former=frozenset(names.parts(name).whole for name in party.former_names if name),
        phones=phones,
        emails=frozenset(email.strip().lower() for email in party.emails if "@" in email),
        people=frozenset(person.strip() for person in party.people if person.strip()),
        address=re.sub(r"[\s()（）,，-]", "", party.address),
    )


def _candidates(read: Mapping[str, _Read]) -> Iterator[tuple[str, str]]:
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for identifier, one in read.items():
        for key in set(_keys(one)):
            blocks[key].append(identifier)
    seen: set[tuple[str, str]] = set()
    for key, members in blocks.items():
        # A key that half the book shares tells nobody apart; a number or a telephone always counts.
        if len(members) > _BLOCK_MAX and not key.startswith(("n:", "t:")):
            continue
        for place, left in enumerate(members):
            for right in members[place + 1 :]:
                pair = (left, right) if left < right else (right, left)
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _keys(one: _Read) -> Iterable[str]:
    if one.uscc:
        yield f"n:{one.uscc}"
    yield from (f"t:{phone}" for phone in one.phones)
    yield from (f"e:{email}" for email in one.emails)
    if len(one.address) >= _SHORT_ADDRESS:
        yield f"a:{one.address[-_SHORT_ADDRESS:]}"
    yield f"w:{one.parts.whole}"
    yield from (f"w:{name}" for name in one.former)
    yield f"s:{one.parts.sound}"
    yield f"h:{one.parts.heart}"
    syllables = one.parts.sound.split(" ")
    # A wrong or missing character leaves the pieces on its other side.
    for place in range(len(syllables) - 1):
        yield f"p:{place}:{syllables[place]} {syllables[place + 1]}"
        yield f"q:{syllables[place]} {syllables[place + 1]}:{len(syllables)}"
