"""The bar that shows how far closing a day is, on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The parts of a day in their order, with the share of the time that each is expected to take.
PARTS: Final = {
    "reminders": (0, "提醒与催收函", "reminders and letters"),
    "alerts": (45, "预警", "alerts"),
    "expiries": (70, "到期事项", "what ends today"),
    "books": (75, "核对账目", "proof of the books"),
    "reactions": (85, "后续处理", "what follows"),
}
_WHOLE: Final = 100


def position(part: str, done: int = 0, of: int = 0) -> int:
    """Return how many hundredths are done when a part has done so much of its work."""
    starts = [begin for begin, _, _ in PARTS.values()] + [_WHOLE]
    index = list(PARTS).index(part)
    share = (starts[index + 1] - starts[index]) * done // of if of else 0
    return starts[index] + share


@contextmanager
def bar(label: str) -> Iterator[Callable[..., None]]:
    """Show the bar while the block runs; what it gives hears the part at work, and how much of it is done."""
    is_chinese = installations.language() == "zh"
    shown = click.progressbar(
        length=_WHOLE, label=label, file=sys.stderr, item_show_func=lambda text: str(text or "")
    )
    with shown as progress:

        def say(part: str, done: int = 0, of: int = 0, /) -> None:
            _, zh, en = PARTS[part]
            text = f"{zh if is_chinese else en} {done:,}/{of:,}" if of else (zh if is_chinese else en)
            progress.update(max(0, position(part, done, of) - progress.pos), text)

        yield say
        progress.update(_WHOLE - progress.pos, "")
