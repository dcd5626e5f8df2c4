"""The bureaus of this installation, behind the port: which there are, which have their secrets, and asking one."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.integrations.bureaus import descriptions, signing
from tradecredit.integrations.bureaus.client import BureauClient
from tradecredit.integrations.bureaus.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.dossier.bureau.answers import Answer, Question
    from tradecredit.core.kernel.reasons import Words


class DescribedBureaus:
    """Every bureau that is described; secrets and addresses come from the environment at each question."""

    def __init__(self, wire: Wire | None = None, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._wire = wire
        self._pause = pause

    def names(self) -> Mapping[str, Words]:
        """Return the names and titles of the bureaus."""
        return {name: descriptions.load(name).label for name in descriptions.NAMES}

    def kinds(self, name: str) -> tuple[str, ...]:
        """Return the kinds of reports that a bureau offers, in the order of the schema."""
        reports = descriptions.load(name).reports
        return tuple(kind for kind in KINDS if kind in reports)

    def is_ready(self, name: str, *, base_url: str = "") -> bool:
        """Tell whether the bureau's address and secrets are set."""
        description = descriptions.load(name)
        return bool(base_url or _base(name) or description.base) and signing.is_ready(description.auth)

    def ask(self, question: Question, *, base_url: str = "") -> Answer:
        """Return what a bureau says; never raises for what the other side does."""
        if self._wire is None:
            self._wire = Wire()
        client = BureauClient(
            descriptions.load(question.provider),
            self._wire,
            base=base_url or _base(question.provider),
            pause=self._pause,
        )
        return client.ask(question)


def _base(name: str) -> str:
    return os.environ.get(f"TRADECREDIT_{name.upper()}_URL", "").strip()
