"""``bench duplicates``: how many planted duplicates are found, and how many of the pairs found are right."""

from __future__ import annotations

import time
from typing import Any, Final

import click

from tradecredit.doors.cli.bench import alike_customers, telling

_SEEDS: Final = (7, 11, 13)
_PACK: Final = "five-pillars"


@click.command("duplicates")
@click.option("--customers", default=5_000, show_default=True, help="Records, the duplicates among them.")
@click.option("--planted", default=400, show_default=True, help="Duplicates planted.")
@click.option("--seed", "seeds", type=int, multiple=True, help="Seeds of the books [default: 7, 11, 13].")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def duplicates_bench(*, customers: int, planted: int, seeds: tuple[int, ...], is_json: bool) -> None:
    """Compare invented customers with typos, short forms, homophones, old names and ruined numbers among them.

    A pair counts as found from the points on at which the policy's default proposes it as one customer.
    """
    figures: dict[str, Any] = {"customers": customers, "planted": planted, "same_at": _same_at()}
    for seed in seeds or _SEEDS:
        figures |= _measured(customers, planted, seed)
    for name in ("recall", "precision"):
        figures[f"{name}.least"] = min(
            value for key, value in figures.items() if key.startswith("seed") and key.endswith(name)
        )
    telling.tell(name="duplicates", figures=figures, is_json=is_json)


def _measured(customers: int, planted: int, seed: int) -> dict[str, Any]:
    from tradecredit.core.dossier.likeness import pairs

    book, truth = alike_customers.book(count=customers, duplicates=planted, seed=seed)
    began = time.perf_counter()
    found = {frozenset((pair.one, pair.other)) for pair in pairs.find(book, least=_same_at())}
    seconds = time.perf_counter() - began
    right = len(found & truth)
    return {
        f"seed{seed}.recall": round(right / len(truth), 4),
        f"seed{seed}.precision": round(right / len(found), 4) if found else None,
        f"seed{seed}.seconds": round(seconds, 2),
    }


def _same_at() -> int:
    from importlib import resources

    from tradecredit.plumbing import yaml_texts

    path = resources.files("tradecredit.policies") / _PACK / "dossier.yaml"
    section = yaml_texts.read(path.read_text(encoding="utf-8"))
    return int(section["duplicates"]["same_at"])
