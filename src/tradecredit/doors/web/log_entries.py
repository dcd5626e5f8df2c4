"""How entries of the log look on a timeline, and who or what made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import causes


@dataclass(frozen=True, slots=True)
class Look:
    """An icon and a colour."""

    icon: str
    colour: str


_LOOKS: Final = {
    "order.held": Look("hold", "bad"),
    "order.released": Look("check-circle", "good"),
    "order.rejected": Look("cross-circle", "bad"),
    "order": Look("order", "plain"),
    "freeze.set": Look("lock", "bad"),
    "freeze.lifted": Look("lock", "good"),
    "risk.marked": Look("alert", "late"),
    "risk.unmarked": Look("shield", "good"),
    "alert": Look("alerts", "late"),
    "letter": Look("letters", "warn"),
    "case": Look("phone", "warn"),
    "plan": Look("tasks", "warn"),
    "instalment_plan": Look("receivables", "info"),
    "opt_out": Look("lock", "plain"),
    "dispute": Look("fact", "warn"),
    "promise": Look("phone", "info"),
    "payment": Look("cash", "good"),
    "cash": Look("cash", "good"),
    "invoice": Look("receivables", "info"),
    "rating": Look("ratings", "info"),
    "limit": Look("limits", "info"),
    "fact": Look("fact", "info"),
    "statement": Look("file", "info"),
    "customer": Look("customers", "plain"),
    "contract": Look("file", "info"),
    "contract.accelerated": Look("alert", "bad"),
    "adjustment": Look("receivables", "warn"),
    "statement.answered": Look("check", "good"),
}
_OTHER: Final = Look("info", "plain")
_RUNS: Final = {
    "system": Words(zh="系统", en="System"),
    "simulator": Words(zh="演示模拟", en="Demo simulator"),
    "set-up": Words(zh="初始设置", en="Set-up"),
    "cli": Words(zh="命令行", en="Command line"),
    "worker": Words(zh="后台任务", en="Background job"),
    "reactions": Words(zh="自动处理", en="Automatic reaction"),
}


def look_of(kind: str) -> Look:
    """Return how an entry of the kind looks; the part before the dot decides where the whole is not known."""
    return _LOOKS.get(kind) or _LOOKS.get(kind.partition(".")[0]) or _OTHER


def actor_name(name: str) -> Words:
    """Return a person's name as it is, and the name of a run in both languages."""
    return _RUNS.get(name.partition(" ")[0], Words(zh=name, en=name))


def cause_of(text: str) -> Words:
    """Return why a rating was made."""
    return causes.words_of(text)
