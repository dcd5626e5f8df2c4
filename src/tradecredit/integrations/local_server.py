"""A small server for what exists only on this machine: several answers at once, no line a request."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from collections.abc import Callable


class _Quiet(WSGIRequestHandler):
    """Writes no line a request: keys stand in some queries."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        del format, args


class _Threaded(WSGIServer):
    """Answers several at once, so that one silent answer does not hold up the others."""

    def process_request(self, request: Any, client_address: Any) -> None:
        threading.Thread(target=self._work, args=(request, client_address), daemon=True).start()

    def _work(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - as socketserver does: one broken connection ends alone
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)


def serve(application: Callable[..., Any], *, host: str, port: int) -> WSGIServer:
    """Return a server of a WSGI application, bound and ready for ``serve_forever``."""
    return make_server(host, port, application, server_class=_Threaded, handler_class=_Quiet)
