"""Read a request to the quick door: what is exactly as it should be and plain; all else is left to the ordinary door.

Nothing is refused here, so that every refusal has one wording: that of the ordinary door.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from pydantic_core import from_json

from tradecredit.core.kernel import money
from tradecredit.flows.orders.quick_values import Asked
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.doors.api.fast_callers import Caller
    from tradecredit.plumbing.access.models import Company

_FIELDS: Final = frozenset(
    {
        *("company", "customer", "control_point", "reference", "amount", "currency"),
        *("terms_days", "requested_on", "commit"),
    }
)
_AMOUNT: Final = re.compile(r"(\d{1,16})(?:\.(\d{1,4}))?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NUMBER_MOST: Final = 64
_TERMS_MOST: Final = 3650
_CHECKS_MOST: Final = 10_000
_KEY_MOST: Final = 200
_DIGITS: Final = 4
_AMOUNTS_KEPT: Final = 4_096
# What others may add to a check one day is not known here, and so goes to the ordinary door.


class Header:
    """What the quick door looks at in the headers of a request."""

    __slots__ = ("cookie", "host", "key", "language", "token")

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        found = dict(headers)
        bearer = found.get(b"authorization", b"").decode("latin-1")
        kind, _, token = bearer.partition(" ")
        self.token = token.strip() if kind.lower() == "bearer" else ""
        self.key = found.get(b"idempotency-key", b"").decode("latin-1")
        self.host = found.get(b"host", b"").decode("latin-1")
        self.language = found.get(b"accept-language", b"").decode("latin-1")
        self.cookie = b"cookie" in found

    @property
    def is_plain(self) -> bool:
        """Tell whether the request may be answered here, as far as its headers say."""
        is_keyed = 0 < len(self.key) <= _KEY_MOST and self.key.isascii() and self.key.isprintable()
        return bool(self.token) and is_keyed and not self.cookie and is_host_known(self.host)


@lru_cache(maxsize=256)
def is_host_known(host: str) -> bool:
    """Tell whether the installation answers under the name, as Django does."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


@lru_cache(maxsize=256)
def language_of(accepted: str) -> str:
    """Return the language of the answer, as Django's own middleware chooses it."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


def one(body: bytes, *, caller: Caller, header: Header, request_hash: str) -> Asked | None:
    """Read one check; None where the ordinary door is to have it."""
    found = _parsed(body)
    if not isinstance(found, dict):
        return None
    return _Reader(caller, header, request_hash).asked(found, key=header.key)


def many(body: bytes, *, caller: Caller, header: Header, request_hash: str) -> list[Asked] | None:
    """Read a call of many checks, of which the first carries the key; None where the ordinary door is to have it."""
    found = _parsed(body)
    if isinstance(found, dict) and found.keys() == {"checks"}:
        found = found["checks"]
    if not isinstance(found, list) or not 0 < len(found) <= _CHECKS_MOST:
        return None
    reader = _Reader(caller, header, request_hash)
    result: list[Asked] = []
    key: str | None = header.key
    for check in found:
        asked = reader.asked(check, key=key) if isinstance(check, dict) else None
        if asked is None:
            return None
        result.append(asked)
        key = None
    return result


def _parsed(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return None


class _Reader:
    """Reads the checks of one request: what they have in common is worked out once."""

    __slots__ = ("_caller", "_days", "_language", "_request_hash", "_scope")

    def __init__(self, caller: Caller, header: Header, request_hash: str) -> None:
        self._caller = caller
        self._language = language_of(header.language)
        self._request_hash = request_hash
        self._scope = str(caller.actor.user_id)
        self._days: dict[str, date] = {}

    def asked(self, check: Mapping[str, Any], *, key: str | None) -> Asked | None:
        """Return the check, if every field is of the form that the ordinary door would take it in."""
        if not _FIELDS.issuperset(check) or not _is_plain_order(check):
            return None
        company = self._company(check.get("company"))
        currency = _text(check.get("currency"))
        customer, reference = _text(check.get("customer")), _text(check.get("reference"))
        amount = _amount(check.get("amount"), currency)
        terms = check.get("terms_days")
        if company is None or not customer or not reference or amount is None:
            return None
        if not (terms is None or (type(terms) is int and 0 <= terms <= _TERMS_MOST)):
            return None
        day = self._day(company)
        if check.get("requested_on") not in (None, day.isoformat()):
            return None
        actor = self._caller.actor
        return Asked(
            company, customer, reference, amount, currency, terms, day, self._language, self._scope, key,
            self._request_hash, actor.user_id, actor.name,
        )  # fmt: skip

    def _company(self, code: Any) -> Company | None:
        if code is None:
            return self._caller.only
        return self._caller.companies.get(code) if isinstance(code, str) else None

    def _day(self, company: Company) -> date:
        found = self._days.get(company.code)
        if found is None:
            found = self._days[company.code] = clock.today(company)
        return found


def _is_plain_order(check: Mapping[str, Any]) -> bool:
    return check.get("control_point", "order") == "order" and check.get("commit", True) is True


def _text(value: Any) -> str:
    """Return a number or a code; nothing for what is none."""
    is_text = isinstance(value, str) and len(value) <= _NUMBER_MOST and "\x00" not in value
    return value if is_text else ""


def _amount(text: Any, currency: str) -> int | None:
    """Return the amount in ten-thousandths; None for anything but an amount that its currency can have."""
    return _amount_of(text, currency) if isinstance(text, str) else None


@lru_cache(maxsize=_AMOUNTS_KEPT)
def _amount_of(text: str, currency: str) -> int | None:
    if not _CURRENCY.fullmatch(currency):
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None or not text.isascii():
        return None
    whole, decimals = found[1], (found[2] or "").rstrip("0")
    if len(decimals) > money.minor_digits(currency):
        return None
    return int(whole) * 10_000 + int(decimals.ljust(_DIGITS, "0"))
