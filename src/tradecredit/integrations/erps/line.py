"""The line to one system: every failure of the other side becomes a sentence that says what to do."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations import guarded_http

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.integrations.guarded_http import GuardedClient, Received

_OK_BELOW: Final = 300
_NOT_FOUND: Final = 404
_BUSY: Final = frozenset({408, 423, 429, 500, 502, 503, 504})
_DENIED: Final = frozenset({401, 403})
_ATTEMPTS: Final = 3
_PAUSE_SECONDS: Final = 0.5

SILENT: Final = Words(
    zh="系统没有应答（连接超时或中断）。请检查地址、网络和对方服务；稍后会自动重试。",
    en="The system does not answer. Check address, network and its service; it is tried again by itself.",
)
BUSY: Final = Words(
    zh="系统忙或暂时出错（HTTP {status}）。稍后会自动重试。",
    en="The system is busy or failing (HTTP {status}). It is tried again by itself.",
)
DENIED: Final = Words(
    zh="系统拒绝了我们的账号（HTTP {status}）。请检查环境变量中的账号、密码或令牌，以及其在对方系统中的权限。",
    en="The system refuses our credentials (HTTP {status}). Check them in the environment, and their rights there.",
)
UNREADABLE: Final = Words(
    zh="系统的应答无法识别（{why}）。请检查地址是否指向接口，以及对方版本。",
    en="The system's answer cannot be read ({why}). Check that the address is its interface, and its version.",
)
REFUSED: Final = Words(
    zh="系统拒绝了请求：{message}。请核对数据源描述中的表名和字段名。",
    en="The system refuses the request: {message}. Compare the names in the source's description with it.",
)


class Line:
    """Sends JSON to one address; ``pause`` waits between attempts and is given by tests."""

    def __init__(
        self, client: GuardedClient, *, base: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._base = base.rstrip("/")
        self._pause = pause

    def get(self, path: str, *, headers: Mapping[str, str], query: Mapping[str, str] | None = None) -> Any:
        """Return the document of a GET, trying again while the other side is busy."""
        return self._document(self._patient("GET", path, headers=headers, query=query))

    def post(
        self,
        path: str,
        document: Any,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        is_reading: bool = True,
    ) -> Any:
        """Return the document of a POST; one that changes something is not repeated here."""
        return self._document(
            self._patient(
                "POST",
                path,
                headers=headers,
                query=query,
                document=document,
                attempts=_ATTEMPTS if is_reading else 1,
            )
        )

    def change(self, method: str, path: str, document: Any, *, headers: Mapping[str, str]) -> None:
        """Send a PUT or PATCH, once."""
        self._patient(method, path, headers=headers, document=document, attempts=1)

    def headers_of(self, path: str, *, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers of an answer, lower case, with its cookies."""
        received = self._patient("GET", path, headers=headers)
        return {name.lower(): value for name, value in (received.headers or {}).items()}

    def _patient(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        document: Any = None,
        attempts: int = _ATTEMPTS,
    ) -> Received:
        body = None if document is None else json.dumps(document, ensure_ascii=False).encode()
        typed = {**headers, "Content-Type": "application/json"} if body is not None else headers
        for attempt in range(1, attempts + 1):
            received = self._client.send(method, self._base + path, headers=typed, query=query, body=body)
            is_passing = received.failure in ("timeout", "connection") or received.status in _BUSY
            if not is_passing or attempt == attempts:
                break
            self._pause(_PAUSE_SECONDS * 2 ** (attempt - 1))
        _refuse_failed(received)
        return received

    @staticmethod
    def _document(received: Received) -> Any:
        try:
            return guarded_http.document_of(received.body)
        except ValueError as error:
            raise unreadable("JSON") from error


def unreadable(why: str) -> UnableToReachSourceError:
    """Return the error for an answer in a shape that nobody documented."""
    return UnableToReachSourceError(UNREADABLE.filled(why=why))


def refused(message: str) -> UnableToReachSourceError:
    """Return the error for a request that the system says it will not answer, with its own words."""
    return UnableToReachSourceError(REFUSED.filled(message=_short(message)))


def denied(status: int = 401) -> UnableToReachSourceError:
    """Return the error for credentials that the system does not take."""
    return UnableToReachSourceError(DENIED.filled(status=status))


def _refuse_failed(received: Received) -> None:
    if received.failure == "too-large":
        raise unreadable("too large")
    if received.failure:
        raise UnableToReachSourceError(SILENT)
    if received.status in _DENIED:
        raise denied(received.status)
    if received.status in _BUSY:
        raise UnableToReachSourceError(BUSY.filled(status=received.status))
    if received.status >= _OK_BELOW:
        raise refused(f"HTTP {received.status} {_message(received.body)}")


def _message(body: bytes) -> str:
    """Return what an error document says, as far as it is one."""
    try:
        document = guarded_http.document_of(body)
    except ValueError:
        return ""
    if not isinstance(document, dict):
        return ""
    found = document.get("message") or document.get("exception") or document.get("error") or ""
    if isinstance(found, dict):
        inner = found.get("message", "")
        found = inner.get("value", "") if isinstance(inner, dict) else inner
    return str(found)


def _short(text: str) -> str:
    clean = " ".join(text.replace("{", "(").replace("}", ")").split())
    return clean[:200].rstrip(".。") or "?"
