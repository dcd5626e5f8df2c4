"""Every value of the policy that holds on a day, with where it comes from and since when it is so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies
from tradecredit.core.kernel import canonical, document_changes, inheritance, overlays, told_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import ports
from tradecredit.flows.policy import follow_group
from tradecredit.flows.policy.publish_policy import FOLLOWS
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.kernel.overlays import Overlay
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

MOST: Final = 200


class Kind(StrEnum):
    """Whose a value is."""

    OVERLAY = "overlay"
    OWN = "own"
    GROUP = "group"
    PACK = "pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value comes from: an adjustment for a time, the company, its group, or the pack that ships.

    ``since`` is the version from which on it has been so without a break; ``group_number`` the group's version.
    """

    kind: Kind
    words: Words
    since: StoredPolicy
    overlay: Overlay | None = None
    group_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldValue:
    """One value with its place in words and its origin; ``plain`` is what an overlay stands before."""

    path: str
    place: Words
    value: Any
    words: Words
    origin: Origin
    plain: Words | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the value as plain values."""
        since, overlay = self.origin.since, self.origin.overlay
        return {
            "path": self.path,
            "place": self.place.as_dict(),
            "value": self.value,
            "origin": self.origin.kind.value,
            "origin_words": self.origin.words.as_dict(),
            "since_number": since.number,
            "since_day": since.valid_from.isoformat(),
            "reason": since.reason if overlay is None else overlay.reason,
            "group_number": self.origin.group_number,
            "overlay": None if overlay is None else overlay.as_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values found, and how many there are with those not listed."""

    version: StoredPolicy
    values: tuple[ToldValue, ...]
    count: int


def tell_values(
    *,
    company: Company,
    as_of: date,
    actor: Actor,
    search: str = "",
    kind: Kind | None = None,
    known_at: datetime | None = None,
) -> Values:
    """Return the values whose path, place or value contains every word searched for, in the order of the policy.

    Raises UnableToFindPolicyError where none is in force on the day.
    """
    with scope.entered(actor):
        version = policies.in_force(company_id=company.pk, as_of=as_of, known_at=known_at)
        before = [one for one in policies.versions(company_id=company.pk) if one.number < version.number]
    own = follow_group.own_of(version)
    found: list[ToldValue] = []
    count = 0
    for path, place, value in _places(version, search):
        origin_kind, overlay = _kind(version, own, path)
        if kind is not None and origin_kind is not kind:
            continue
        count += 1
        if len(found) < MOST:
            origin = _origin(version, before, path, origin_kind, overlay)
            found.append(_told(version, path, place, value, origin))
    return Values(version=version, values=tuple(found), count=count)


def _places(version: StoredPolicy, search: str) -> Iterator[tuple[str, Words, Any]]:
    wanted = search.casefold().split()
    document = {name: part for name, part in version.document.items() if name != overlays.SECTION}
    for path, value in document_changes.leaves(document, is_counting=True):
        if path.endswith(".label"):
            continue
        place = told_changes.place(path, document)
        text = f"{path} {place.zh} {place.en} {value}".casefold()
        if all(word in text for word in wanted):
            yield path, place, value


def _kind(version: StoredPolicy, own: Mapping[str, Any], path: str) -> tuple[Kind, Overlay | None]:
    overlay = overlays.holding(version.written, path=path, day=version.valid_from)
    if overlay is not None:
        return Kind.OVERLAY, overlay
    if version.group_document is not None:
        return (Kind.OWN if inheritance.is_own(own, path) else Kind.GROUP), None
    return (Kind.PACK if _is_of_pack(version, path) else Kind.OWN), None


def _origin(
    version: StoredPolicy, before: Sequence[StoredPolicy], path: str, kind: Kind, overlay: Overlay | None
) -> Origin:
    since = version
    for earlier in before:
        if _value(earlier.document, path) != _value(version.document, path):
            break
        since = earlier
    words = {
        Kind.OVERLAY: Words(zh="阶段性调整", en="For a time") if overlay is None else overlay.label,
        Kind.OWN: Words(zh="本公司", en="This company"),
        Kind.GROUP: Words(zh="集团 {code} 第 {number} 版", en="Group {code}, version {number}").filled(
            code=version.written["pack"].get(FOLLOWS, ""), number=version.group_number or ""
        ),
        Kind.PACK: Words(zh="政策包 {name}", en="Pack {name}").filled(name=version.pack),
    }[kind]
    return Origin(
        kind=kind,
        words=words,
        since=since,
        overlay=overlay,
        group_number=version.group_number if kind is Kind.GROUP else None,
    )


def _told(version: StoredPolicy, path: str, place: Words, value: Any, origin: Origin) -> ToldValue:
    is_for_a_time = origin.kind is Kind.OVERLAY
    return ToldValue(
        path=path,
        place=place,
        value=value,
        words=told_changes.value(value),
        origin=origin,
        plain=told_changes.value(_value(version.written, path)) if is_for_a_time else None,
    )


def _value(document: Mapping[str, Any], path: str) -> Any:
    try:
        return document_changes.value_at(document, path)
    except (UnknownPathError, TypeError):
        return None


def _is_of_pack(version: StoredPolicy, path: str) -> bool:
    shipped = _shipped(version.pack)
    return shipped is not None and _value(shipped, path) == _value(version.written, path)


@lru_cache(maxsize=8)
def _shipped(name: str) -> Mapping[str, Any] | None:
    """Return a pack that ships as a published document would hold it; None for a policy of another name."""
    packs = ports.find(ports.PolicyPacks)
    if name not in packs.pack_names():
        return None
    found: Mapping[str, Any] = json.loads(canonical.dumps(dict(packs.load_pack(name))))
    return found
