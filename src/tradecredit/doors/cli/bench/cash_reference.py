"""The vectorised pipeline that the matcher is measured beside: references, a matrix of names, a search of subsets.

It answers with items only: no evidence in words, no probability, no partial or short payments, no learning. Needs numpy
(which comes with the extra for analysis); without it there is nothing to compare with.
"""

from __future__ import annotations

import importlib.util
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.cash_application.matcher.values import OpenItem
    from tradecredit.flows.rehearsal.cash_desk import CashDesk, Told

_DIMENSIONS: Final = 1024
_ALIKE: Final = 0.6
_BITS_MAX: Final = 14
_BATCH: Final = 2000


def run(payments: int, seed: int) -> dict[str, Any]:
    """Return payments a second, precision and recall of the pipeline; empty without numpy."""
    if importlib.util.find_spec("numpy") is None:
        return {}
    from tradecredit.flows.rehearsal import cash_desk

    desk = cash_desk.build(seed=seed, customers=payments, items=payments * 10, payments=payments)
    began = time.process_time()
    found = _pipeline(desk)
    seconds = time.process_time() - began
    answered = [(told, items) for told, items in zip(desk.payments, found, strict=True) if items]
    right = sum(items == told.truth for told, items in answered)
    return {
        "payments_per_second": round(payments / seconds),
        "precision": round(right / max(len(answered), 1), 4),
        "recall": round(right / payments, 4),
    }


def _pipeline(desk: CashDesk) -> list[frozenset[str]]:
    """Answer by numbers first; for the rest find the customer by name, then the only subset that adds up."""
    by_number = {item.number.replace("-", ""): item for item in desk.items}
    by_customer: dict[str, list[OpenItem]] = {}
    for item in desk.items:
        by_customer.setdefault(item.customer, []).append(item)
    found = [_by_reference(told, by_number) for told in desk.payments]
    rest = [place for place, items in enumerate(found) if not items]
    owners = _by_name(desk, [desk.payments[place].paid.payer_name for place in rest])
    masks = _Masks()
    for place, owner in zip(rest, owners, strict=True):
        if owner is not None:
            found[place] = masks.only_subset(by_customer[owner], desk.payments[place].paid.amount)
    return found


def _by_reference(told: Told, by_number: Mapping[str, OpenItem]) -> frozenset[str]:
    from tradecredit.core.cash_application.matcher import references

    named = references.find(told.paid.text, known=by_number).numbers
    items = [by_number[number] for number in named]
    total = sum(item.open for item in items)
    return frozenset(item.item_id for item in items) if items and total == told.paid.amount else frozenset()


def _by_name(desk: CashDesk, payers: Sequence[str]) -> list[str | None]:
    import numpy as np

    known = _vectors([customer.name for customer in desk.customers])
    owners: list[str | None] = []
    for start in range(0, len(payers), _BATCH):
        alike = _vectors(payers[start : start + _BATCH]) @ known.T
        best = np.argmax(alike, axis=1)
        sure = alike[np.arange(len(best)), best] >= _ALIKE
        owners += [
            desk.customers[place].key if is_sure else None for place, is_sure in zip(best, sure, strict=True)
        ]
    return owners


def _vectors(texts: Sequence[str]) -> Any:
    """Return a row a text: its pairs of letters, hashed, of length one."""
    import zlib

    import numpy as np

    rows = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
    for place, text in enumerate(texts):
        for start in range(max(len(text) - 1, 0)):
            rows[place, zlib.crc32(text[start : start + 2].encode()) % _DIMENSIONS] += 1
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)


class _Masks:
    """Every subset of so many items as rows of noughts and ones, made once a size."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}

    def only_subset(self, items: Sequence[OpenItem], target: int) -> frozenset[str]:
        """Return the only subset that adds up to the target, nothing where there is none or another."""
        import numpy as np

        near = items[:_BITS_MAX]
        if len(near) not in self._made:
            numbers = np.arange(1, 1 << len(near), dtype=np.int64)
            self._made[len(near)] = (numbers[:, None] >> np.arange(len(near))) & 1
        masks = self._made[len(near)]
        amounts = np.array([item.open for item in near], dtype=np.int64)
        fitting = np.flatnonzero(masks @ amounts == target)
        if len(fitting) != 1:
            return frozenset()
        return frozenset(item.item_id for item, bit in zip(near, masks[fitting[0]], strict=True) if bit)
