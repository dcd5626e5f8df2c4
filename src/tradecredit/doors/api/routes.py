"""Which router answers below which path."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ninja import Router

ROUTERS: Sequence[tuple[str, Router]] = []
