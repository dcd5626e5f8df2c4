"""The ASGI application that the web server runs: quick checks in front, Django's pages and API in threads behind."""

from __future__ import annotations

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tradecredit.config.wsgi import application as django
from tradecredit.doors.api.fast_front import Front

_THREADS = 8

# Both sides follow the specification; their authors spell its types differently.
_behind: Any = WSGIMiddleware(cast("Any", django), workers=_THREADS)
application = Front(_behind)
