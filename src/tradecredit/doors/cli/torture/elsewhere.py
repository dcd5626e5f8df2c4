"""Look at a running server's books through its own API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """One customer of one company behind a server's API."""

    base: str
    token: str
    company: str
    customer: str

    def exposure(self) -> Decimal:
        """Return what is taken of the line now, reservations included."""
        found = self._standing()
        return Decimal(found["limit"]) - Decimal(found["headroom"])

    def limit(self) -> Decimal:
        """Return the customer's line."""
        return Decimal(self._standing()["limit"])

    def has_decision(self, decision: str) -> bool:
        """Tell whether the decision is on record."""
        try:
            return bool(self._get(f"/api/v1/credit-checks/{decision}")["id"] == decision)
        except HTTPError:
            return False

    def _standing(self) -> Any:
        return self._get(f"/api/v1/exposures/{self.customer}?company={self.company}")

    def _get(self, path: str) -> Any:
        request = Request(self.base + path, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310 - the address that the user named
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return json.load(answer)
