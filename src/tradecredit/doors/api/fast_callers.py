"""Who calls the quick door: a bearer token looked up at most every second, so that a revoked one ends within two."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.doors.api import credit_checks
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people, tokens
from tradecredit.plumbing.access.actor import RowKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_LOOKED_UP_AGAIN_SECONDS: Final = 1.0
_TRUSTED_SECONDS: Final = 2.0
_KNOWN_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose checks may be decided here: the companies in which, by code."""

    actor: Actor
    companies: Mapping[str, Company]
    only: Company | None


@dataclass(slots=True)
class _Known:
    """What a token meant when it was looked up last, and the look-up that is under way."""

    caller: Caller | None = None
    looked_up_at: float = float("-inf")
    task: asyncio.Task[None] | None = None


class Callers:
    """The tokens seen lately; ``aside`` runs a look-up beside the loop."""

    def __init__(self, aside: Callable[[Callable[[], Caller | None]], Awaitable[Caller | None]]) -> None:
        self._aside = aside
        self._known: dict[str, _Known] = {}

    async def find(self, token: str) -> Caller | None:
        """Return who the token stands for; None leaves the request to the ordinary door."""
        known = self._known.get(token)
        if known is None:
            if len(self._known) >= _KNOWN_MOST:
                self._known.clear()
            known = self._known.setdefault(token, _Known())
        age = time.monotonic() - known.looked_up_at
        if age > _LOOKED_UP_AGAIN_SECONDS and known.task is None:
            known.task = asyncio.create_task(self._look_up(token, known))
        if age > _TRUSTED_SECONDS and known.task is not None:
            await asyncio.shield(known.task)
        return known.caller

    async def _look_up(self, token: str, known: _Known) -> None:
        asked_at = time.monotonic()
        try:
            known.caller = await self._aside(lambda: _caller(token))
            known.looked_up_at = asked_at
        except Exception:  # noqa: BLE001 -- the ordinary door says what is the matter
            known.caller = None
        finally:
            known.task = None


def _caller(token: str) -> Caller | None:
    found = tokens.find(token=token, moment=clock.real_now())
    if found is None:
        return None
    actor = people.actor_of(found.user, only_role=found.role)
    companies = people.companies_of(actor)
    able = {
        company.code: company
        for company in companies
        if actor.has_role(company.pk, *credit_checks.CHECKERS)
        and actor.row_scope_in(company.pk).kind is RowKind.ALL
    }
    only = companies[0] if len(companies) == 1 and companies[0].code in able else None
    return Caller(actor=actor, companies=able, only=only)
