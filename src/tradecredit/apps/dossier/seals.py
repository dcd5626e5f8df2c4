"""Seal values that need a customer's consent, open them, and destroy their keys.

Note [Sealed values]
A sealed value lies in the books as ``sealed:<key>:<cipher text>``; its key lies in a table of its own. Destroying the key
erases the value in the books and in every copy of them, while the fact itself (name, days, source, who recorded it)
stays and says that there was one. What was decided with it keeps its own record of outcome and reasons.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradecredit.apps.dossier.models import SealedRead, SealKey
from tradecredit.core.dossier import facts
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tradecredit.plumbing.access import Actor

_PREFIX: Final = "sealed:"
_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A value that was erased: which, when it was learned, when, by whom and why it went."""

    name: str
    scope: str
    made_at: datetime
    destroyed_at: datetime
    destroyed_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord:
    """Somebody read sealed values in clear."""

    names: tuple[str, ...]
    scope: str
    purpose: str
    read_at: datetime
    read_by: str


def scope_of(name: str) -> str:
    """Return the consent that a fact needs; facts with one are kept sealed."""
    return facts.KNOWN[name].consent if name in facts.KNOWN else ""


def seal(values: Sequence[tuple[UUID, str, str]]) -> list[str]:
    """Return the values (customer, name, value) as they are kept: sealed where their names need a consent."""
    db.transaction_required()
    kept, keys = list[str](), list[SealKey]()
    for customer_id, name, value in values:
        if not (scope := scope_of(name)):
            kept.append(value)
            continue
        key = SealKey(
            id=ids.new_id(), customer_id=customer_id, scope=scope, name=name,
            key=AESGCM.generate_key(bit_length=_KEY_BITS), made_at=clock.now(),
        )  # fmt: skip
        nonce = os.urandom(_NONCE_BYTES)
        token = nonce + AESGCM(bytes(key.key or b"")).encrypt(nonce, value.encode(), key.pk.bytes)
        keys.append(key)
        kept.append(f"{_PREFIX}{key.pk.hex}:{base64.urlsafe_b64encode(token).decode()}")
    SealKey.objects.bulk_create(keys)
    return kept


def opened(values: Iterable[str]) -> dict[str, str]:
    """Return the clear text of the sealed values whose keys are there, by the sealed text."""
    sealed = {value: UUID(value.split(":")[1]) for value in values if value.startswith(_PREFIX)}
    if not sealed:
        return {}
    found = SealKey.objects.filter(pk__in=set(sealed.values()), key__isnull=False)
    keys = {row.pk: bytes(row.key or b"") for row in found}
    return {value: _clear(value, key_id, keys[key_id]) for value, key_id in sealed.items() if key_id in keys}


def is_sealed(value: str) -> bool:
    """Tell whether a value as it lies in the books is sealed."""
    return value.startswith(_PREFIX)


def destroy(
    *, customer_id: UUID, scopes: Iterable[str], reason: str, actor: Actor, before: datetime | None = None
) -> int:
    """Destroy the keys of a customer's values of these scopes (made before a moment); return how many there were."""
    db.transaction_required()
    rows = SealKey.objects.filter(customer_id=customer_id, scope__in=list(scopes), key__isnull=False)
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    return rows.update(key=None, destroyed_at=clock.now(), destroyed_by=actor.name, reason=reason)


def outlived(*, scope: str, before: datetime) -> tuple[UUID, ...]:
    """Return the customers with values of the scope that were learned before the moment and are not erased."""
    rows = SealKey.objects.filter(scope=scope, made_at__lt=before, key__isnull=False)
    return tuple(rows.values_list("customer_id", flat=True).distinct().order_by("customer_id"))


def erased(*, customer_id: UUID) -> tuple[Erased, ...]:
    """Return what was erased of a customer, the latest first."""
    rows = SealKey.objects.filter(customer_id=customer_id, key__isnull=True).order_by("-destroyed_at", "name")
    return tuple(
        Erased(
            name=row.name,
            scope=row.scope,
            made_at=row.made_at,
            destroyed_at=row.destroyed_at or row.made_at,
            destroyed_by=row.destroyed_by,
            reason=row.reason,
        )
        for row in rows
    )


def record_read(
    *, company_id: UUID, customer_id: UUID, scope: str, names: Sequence[str], purpose: str, actor: Actor
) -> None:
    """Write down that somebody read the values in clear, and what for."""
    db.transaction_required()
    SealedRead.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        scope=scope,
        names=list(names),
        purpose=purpose,
        read_at=clock.now(),
        read_by=actor.name,
    )


def reads(*, company_id: UUID, customer_id: UUID, most: int = 50) -> tuple[ReadRecord, ...]:
    """Return who read sealed values of the customer, the latest first."""
    rows = SealedRead.objects.filter(company_id=company_id, customer_id=customer_id)
    return tuple(
        ReadRecord(
            names=tuple(row.names),
            scope=row.scope,
            purpose=row.purpose,
            read_at=row.read_at,
            read_by=row.read_by,
        )
        for row in rows.order_by("-read_at", "-id")[:most]
    )


def _clear(value: str, key_id: UUID, key: bytes) -> str:
    token = base64.urlsafe_b64decode(value.rsplit(":", 1)[1])
    return AESGCM(key).decrypt(token[:_NONCE_BYTES], token[_NONCE_BYTES:], key_id.bytes).decode()
