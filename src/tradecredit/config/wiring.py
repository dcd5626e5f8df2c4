"""Ports and their adapters: the only place that knows both."""

from __future__ import annotations

from tradecredit.flows import ports
from tradecredit.integrations import policy_packs


def wire() -> None:
    """Register every adapter that is not registered yet."""
    ports.register(ports.PolicyPacks, policy_packs)
