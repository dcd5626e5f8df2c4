"""The ASGI application that the web server runs: quick checks in front, Django's pages and API in threads behind."""

from __future__ import annotations

import sys
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.urls import get_resolver

from tradecredit.config.wsgi import application as django
from tradecredit.doors.api.fast_front import Front
from tradecredit.plumbing import waste

_THREADS = 8
# How long a thread that renders a page keeps the loop that answers checks waiting, at most.
_TURN_SECONDS = 0.001


def _settle_down() -> None:
    """Import every page now, and leave what stays for good out of the search for waste.

    Looking through all of it takes a tenth of a second, in which nobody is answered.
    """
    _ = get_resolver().url_patterns
    waste.leave_out_what_stays()
    waste.look_seldom()
    sys.setswitchinterval(_TURN_SECONDS)


# Both sides follow the specification; their authors spell its types differently.
_behind: Any = WSGIMiddleware(cast("Any", django), workers=_THREADS)
application = Front(_behind)
_settle_down()
