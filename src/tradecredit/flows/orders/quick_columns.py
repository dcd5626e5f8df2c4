"""A batch of quick verdicts as columns, in the order in which ``sql/quick_checks.sql`` takes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tradecredit.plumbing.postgres import pipelined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.orders.quick_values import Recorded


def of_verdicts(recorded: Sequence[Recorded]) -> list[str]:
    """Return the arguments of ``order_checks_record``."""
    array, texts = pipelined.array, pipelined.texts
    scaled: list[list[int | None]] = [
        [one.asked.amount for one in recorded],
        [one.quick.before for one in recorded],
        [one.quick.after for one in recorded],
        [one.quick.ceiling for one in recorded],
        [one.reserved for one in recorded],
    ]
    amounts, before, after, ceilings, reserved = ([_decimal(value) for value in column] for column in scaled)
    return [
        array([one.id for one in recorded]),
        array([one.read.account_id for one in recorded]),
        array([one.read.policy_version_id for one in recorded]),
        array([one.kit.standing_id for one in recorded]),
        texts([one.asked.reference for one in recorded]),
        array(amounts),
        array([one.asked.day for one in recorded]),
        array([one.asked.terms_days for one in recorded]),
        array([one.quick.outcome.text for one in recorded]),
        array(before),
        array(after),
        array(ceilings),
        array(reserved),
        texts([one.failed for one in recorded]),
        array([one.order_id for one in recorded]),
        array([one.status for one in recorded]),
        array([one.room_id for one in recorded]),
        array([f'"{one.expires_at}"' for one in recorded]),
        array([one.read.is_demo for one in recorded]),
        array([one.asked.actor_id for one in recorded]),
        texts([one.asked.actor_name for one in recorded]),
        array([one.moment.text for one in recorded]),
        json.dumps([one.question for one in recorded if one.question is not None], ensure_ascii=False),
    ]


def of_answers(answered: Sequence[Recorded], bodies: Sequence[str], *, status: int) -> list[str | int]:
    """Return the arguments of ``order_checks_answer``, all of one status."""
    return [
        pipelined.array([one.id for one in answered]),
        pipelined.texts([one.asked.scope for one in answered]),
        pipelined.texts([one.asked.key for one in answered]),
        pipelined.texts([one.asked.request_hash for one in answered]),
        status,
        pipelined.texts(bodies),
        pipelined.array([one.moment.text for one in answered]),
    ]


def _decimal(counted: int | None) -> str | None:
    """Return a number of ten-thousandths as the database reads it, exactly."""
    return None if counted is None else f"{counted}e-4"
