"""``python -m tradecredit.doors.worker [--once]``: one worker process, until it is told to stop."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradecredit.config.settings.production")

_NICENESS = 5


def run() -> None:
    """Set Django up and work until SIGTERM or Ctrl-C."""
    import django  # noqa: PLC0415 - the settings are named above

    django.setup()
    if hasattr(os, "nice"):
        # Whoever waits for an answer goes before what is done behind.
        os.nice(_NICENESS)
    from tradecredit.doors.worker import working  # noqa: PLC0415 - needs Django

    working.work(is_once="--once" in sys.argv[1:])


if __name__ == "__main__":
    run()
