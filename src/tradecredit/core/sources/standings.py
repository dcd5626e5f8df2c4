"""What another system is to know of a customer: whether its orders and goods are held, and its credit line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel import canonical
from tradecredit.core.kernel import limit as tagged

if TYPE_CHECKING:
    from tradecredit.core.kernel.limit import Limit

# Freezes of new orders or of shipments hold a customer in a system that knows only one switch.
HOLDING = frozenset({"orders", "shipments"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One customer's standing; a line that was never set is not written, so that nobody's own line is wiped out."""

    customer_code: str
    is_held: bool
    limit: Limit
    currency: str

    def content(self) -> dict[str, str | bool]:
        """Return the standing as it is recorded; ``limit`` is an amount, ``unlimited`` or ``not set``."""
        return {
            "customer": self.customer_code,
            "held": self.is_held,
            "limit": tagged.text(self.limit),
            "currency": self.currency,
        }

    def digest(self) -> str:
        """Return what tells this standing from any other."""
        return canonical.sha256(canonical.dumps(self.content()))
