"""Refusals: what a rule or a flow says when it is expected to say no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradecredit.core.kernel.reasons import Words


class UnableToError(Exception):
    """An expected refusal; ``words`` says what, why and what to do, ``facts`` carries the figures.

    Subclasses are named ``UnableTo<DoIt>Error`` and set ``code`` (stable, snake_case) and ``status`` (HTTP).
    """

    code = "refused"
    status = 422

    def __init__(self, words: Words, **facts: str) -> None:
        super().__init__(words.en)
        self.words = words
        self.facts = facts


class PolicyError(ValueError):
    """A policy document is wrong; ``path`` names the place, for example ``scorecard.groups[1].weight``."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
