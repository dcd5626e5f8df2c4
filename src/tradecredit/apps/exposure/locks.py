"""Locks on credit accounts: always in the order of their identifiers, always inside a flow's transaction."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db, failpoints
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

_QUEUE_TIMEOUT: Final = "30s"
_BUSY: Final = Words(
    zh="该客户的信用账户正忙，本次未做任何处理。请用同一 Idempotency-Key 稍后重试。",
    en="The customer's credit account is busy and nothing was done. Retry shortly with the same Idempotency-Key.",
)


class UnableToLockAccountError(UnableToError):
    """Too many wait for the same account."""

    code = "account_busy"
    status = 503


def lock_accounts(ids: Iterable[UUID]) -> None:
    """Lock the accounts, and those of the same customers in other currencies, until the transaction ends.

    A line in one currency may be shared by the others, so they are always locked together, in one order. Accounts out
    of scope are not locked.

    Raises UnableToLockAccountError when the queue before an account does not move in time.
    """
    db.transaction_required()
    wanted = sorted(set(ids))
    if failpoints.is_switched_off("skip-lock"):
        return
    asked = CreditAccount.objects.filter(among("pk", wanted))
    rows = (
        CreditAccount.objects.filter(
            customer_id__in=asked.values("customer_id"), company_id__in=asked.values("company_id")
        )
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        # Many checks of one customer queue here by design, so they wait longer than other locks let anybody wait.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_QUEUE_TIMEOUT])
    try:
        if failpoints.is_switched_off("shuffle-locks"):
            _lock_in_any_order(wanted)
        list(rows)
        failpoints.reach("account.locked")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UnableToLockAccountError(_BUSY) from error
        raise


def _lock_in_any_order(ids: Sequence[UUID]) -> None:
    """Lock one by one in a shuffled order: the negative control of the sorted one; see Note [Failpoints]."""
    for one in random.sample(ids, len(ids)):
        list(
            CreditAccount.objects.filter(pk=one).select_for_update(of=("self",)).values_list("pk", flat=True)
        )
