"""Transactions that say what they mean."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access.actor import Actor

_LOCK_TIMEOUT = "3s"


class NoTransactionError(RuntimeError):
    """An operation that writes was called outside the flow's transaction."""


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[None]:
    """Open the one transaction of a flow in the actor's scope; joins the flow around it, if there is one."""
    with scope.entered(actor), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), set_config('tradecredit.companies', %s, true),"
                " set_config('tradecredit.actor', %s, true)",
                [_LOCK_TIMEOUT, scope.setting_of(actor), actor.name],
            )
        yield


def transaction_required() -> None:
    """Assert that a flow's transaction is open; called first by every operation that writes."""
    if not connection.in_atomic_block:
        raise NoTransactionError("this operation writes: call it inside a flow's unit of work")
