"""How much work a call was, counted in calls of functions: the same figure on a quiet machine and on a busy one."""

from __future__ import annotations

import sys
from contextlib import contextmanager


class Effort:
    """The calls made (of Python and of built-in functions), entries and returns both counted."""

    calls = 0


@contextmanager
def counted():
    """Count the calls made inside the block."""
    effort = Effort()

    def note(_frame: object, _event: str, _argument: object) -> None:
        effort.calls += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield effort
    finally:
        sys.setprofile(before)
