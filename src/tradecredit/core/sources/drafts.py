"""A connection to another system as somebody describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionDraft:
    """What is said about a connection; what is secret is said to the server's environment only."""

    code: str
    system: str
    label: str
    settings: Mapping[str, str] = field(default_factory=dict)
    described: str = ""
    kinds: tuple[str, ...] = ()
    every_minutes: int = 5
    writes_back: bool = False
    is_active: bool = True
