"""Lock lines before they are settled: after the credit accounts, in the order of their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables.models import Instalment
from tradecredit.plumbing import db
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_lines(*, ids: Iterable[UUID]) -> None:
    """Hold the lines until the transaction ends."""
    db.transaction_required()
    wanted = sorted(set(ids))
    if wanted:
        rows = Instalment.objects.filter(among("pk", wanted)).order_by("pk").select_for_update(of=("self",))
        list(rows.values_list("pk", flat=True))
