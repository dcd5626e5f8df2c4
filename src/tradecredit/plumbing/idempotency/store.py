"""Answer a repeated request with the stored answer, in the same transaction as its effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.idempotency import packing
from tradecredit.plumbing.idempotency.models import IdempotencyRecord

if TYPE_CHECKING:
    from collections.abc import Callable


class UnableToReuseKeyError(UnableToError):
    """The key was used before with another body."""

    code = "idempotency_key_reused"
    status = 422


class UnableToWaitForKeyError(UnableToError):
    """A request with the same key is still running."""

    code = "idempotency_key_in_use"
    status = 409


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer; ``replayed`` when the effect had happened before."""

    status_code: int
    body: str
    replayed: bool = False


def once(*, scope: str, key: str, request_hash: str, effect: Callable[[], Answer]) -> Answer:
    """Run ``effect`` unless the key was used; the record commits with the effect.

    Raises UnableToReuseKeyError (same key, other body) and UnableToWaitForKeyError (still running).
    """
    db.transaction_required()
    if failpoints.is_switched_off("no-idempotency"):
        return effect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", [f"{scope}\x1f{key}"])
        if not cursor.fetchone()[0]:
            raise UnableToWaitForKeyError(
                Words(
                    zh="同一 Idempotency-Key 的请求仍在处理中，请稍后用同一个键重试。",
                    en="A request with this Idempotency-Key is still running; retry shortly with the same key.",
                ),
                key=key,
            )
    known = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
    if known is None:
        answer = effect()
        IdempotencyRecord.objects.create(
            scope=scope,
            key=key,
            request_hash=request_hash,
            status_code=answer.status_code,
            answer=packing.packed(answer.body),
            created_at=clock.now(),
        )
        return answer
    if known.request_hash != request_hash:
        raise UnableToReuseKeyError(
            Words(
                zh="这个 Idempotency-Key 已用于另一份请求内容；新的请求请换一个键。",
                en="This Idempotency-Key was used with another body; send a new request with a new key.",
            ),
            key=key,
        )
    return Answer(known.status_code, packing.unpacked(known.answer), replayed=True)
