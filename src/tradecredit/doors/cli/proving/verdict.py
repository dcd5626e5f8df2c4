"""What a proof found: figures, failures, its seed; printed the same way by all of them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import click


@dataclass(slots=True, kw_only=True)
class Verdict:
    """The outcome of one proof."""

    name: str
    seed: int
    figures: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def is_passed(self) -> bool:
        """Tell whether nothing failed."""
        return not self.failures

    def require(self, condition: bool, failure: str) -> None:  # noqa: FBT001 - reads as a sentence where it is called
        """Note the failure unless the condition holds."""
        if not condition:
            self.failures.append(failure)

    def tell(self, *, headline: str, is_json: bool) -> None:
        """Print the verdict, the headline figure and the seed last; exit code 1 when it failed."""
        if is_json:
            document = {
                "name": self.name,
                "seed": self.seed,
                "passed": self.is_passed,
                "figures": self.figures,
                "failures": self.failures,
            }
            click.echo(json.dumps(document, ensure_ascii=False))
        else:
            for name, value in self.figures.items():
                click.echo(f"  {name}: {value}")
            for failure in self.failures:
                click.echo(f"  FAILED {failure}")
            word = "passed" if self.is_passed else "FAILED"
            click.echo(f"{self.name} {word}  {headline} = {self.figures.get(headline)}  seed {self.seed}")
        if not self.is_passed:
            raise click.exceptions.Exit(1)


def seed_or_new(seed: int | None) -> int:
    """Return the seed given, or a new one."""
    return seed if seed is not None else secrets.randbelow(2**31)
