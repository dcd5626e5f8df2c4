"""Replay very many decisions: parts of them in processes side by side, each walking its own without holding them."""

from __future__ import annotations

import multiprocessing
import os
from typing import TYPE_CHECKING, Final

from django.db import connections

from tradecredit.apps.decisions import queries
from tradecredit.flows.orders import replay_decisions
from tradecredit.flows.orders.replay_decisions import Replay
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tradecredit.plumbing.access import Actor

# Technical: below this many a second process costs more than it brings; and in how many parts they are handed out.
_WORTH_SHARING: Final = 2_000
_PARTS: Final = 16
_PROCESSES_MOST: Final = 8


def replay_in_parts(
    *, actor: Actor, since: date | None = None, progress: Callable[[int], None] | None = None
) -> Replay:
    """Replay every decision from a day on, on all processors; ``progress`` is told how many are done.

    Must not be called inside a transaction: the other processes see what is committed.
    """
    with scope.entered(actor):
        count = queries.count_since(since)
    processes = min(os.cpu_count() or 1, _PROCESSES_MOST)
    if count < _WORTH_SHARING or processes == 1:
        return replay_decisions.replay_decisions(actor=actor, since=since, progress=progress)
    # A connection does not survive a fork.
    connections.close_all()
    done = Replay(replayed=0, different=())
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for found in pool.imap_unordered(_replay_part, [(actor, since, part) for part in range(_PARTS)]):
            done = Replay(
                replayed=done.replayed + found.replayed, different=(*done.different, *found.different)
            )
            if progress is not None:
                progress(done.replayed)
    return done


def _replay_part(work: tuple[Actor, date | None, int]) -> Replay:
    actor, since, part = work
    return replay_decisions.replay_decisions(actor=actor, since=since, part=part, parts=_PARTS)
