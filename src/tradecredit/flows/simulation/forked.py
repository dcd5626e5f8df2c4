"""Two parts of the play side by side, the second in a process of its own."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from django.db import connections

from tradecredit.flows.simulation.postings import PlayBrokeError

if TYPE_CHECKING:
    from collections.abc import Callable


def side_by_side(*, here: Callable[[], None], there: Callable[[], None]) -> None:
    """Run both; raises PlayBrokeError when the second one failed (its trace is on standard error)."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            there()
            status = 0
        except BaseException:  # noqa: BLE001 - the child ends here whatever happened, and says it
            traceback.print_exc(file=sys.stderr)
        finally:
            connections.close_all()
            os._exit(status)
    try:
        here()
    finally:
        _, ended = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(ended) != 0:
        raise PlayBrokeError("the small companies' part failed; its trace is above")
