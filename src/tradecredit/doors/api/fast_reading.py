"""Read a request to the quick door: what is exactly as it should be and plain; all else is left to the ordinary door.

Nothing is refused here, so that every refusal has one wording: that of the ordinary door.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.utils import translation

from tradecredit.core.kernel import money
from tradecredit.flows.orders.quick_values import Asked
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.doors.api.fast_callers import Caller

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
    return _asked(found, caller=caller, header=header, request_hash=request_hash, key=header.key)


def many(body: bytes, *, caller: Caller, header: Header, request_hash: str) -> list[Asked] | None:
    """Read a call of many checks, of which the first carries the key; None where the ordinary door is to have it."""
    found = _parsed(body)
    if isinstance(found, dict) and found.keys() == {"checks"}:
        found = found["checks"]
    if not isinstance(found, list) or not 0 < len(found) <= _CHECKS_MOST:
        return None
    result: list[Asked] = []
    for check in found:
        key = None if result else header.key
        asked = (
            _asked(check, caller=caller, header=header, request_hash=request_hash, key=key)
            if isinstance(check, dict)
            else None
        )
        if asked is None:
            return None
        result.append(asked)
    return result


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _asked(
    check: Mapping[str, Any], *, caller: Caller, header: Header, request_hash: str, key: str | None
) -> Asked | None:
    """Return the check, if every field is of the form that the ordinary door would take it in."""
    if not _FIELDS.issuperset(check) or not _is_plain_order(check):
        return None
    code = check.get("company")
    company = caller.only if code is None else caller.companies.get(code) if isinstance(code, str) else None
    customer, reference, currency = (_text(check.get(name)) for name in ("customer", "reference", "currency"))
    amount = _amount(check.get("amount"), currency)
    terms = check.get("terms_days")
    if company is None or not customer or not reference or amount is None:
        return None
    if not (terms is None or (type(terms) is int and 0 <= terms <= _TERMS_MOST)):
        return None
    day = clock.today(company)
    if check.get("requested_on") not in (None, day.isoformat()):
        return None
    return Asked(
        company=company,
        customer=customer,
        reference=reference,
        amount=amount,
        currency=currency,
        terms_days=terms,
        day=day,
        language=language_of(header.language),
        scope=str(caller.actor.user_id),
        key=key,
        request_hash=request_hash,
        actor_id=caller.actor.user_id,
        actor_name=caller.actor.name,
    )


def _is_plain_order(check: Mapping[str, Any]) -> bool:
    return check.get("control_point", "order") == "order" and check.get("commit", True) is True


def _text(value: Any) -> str:
    """Return a number or a code; nothing for what is none."""
    is_text = isinstance(value, str) and len(value) <= _NUMBER_MOST and "\x00" not in value
    return value if is_text else ""


def _amount(text: Any, currency: str) -> int | None:
    """Return the amount in ten-thousandths; None for anything but an amount that its currency can have."""
    if not isinstance(text, str) or not _CURRENCY.fullmatch(currency):
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None or not text.isascii():
        return None
    whole, decimals = found[1], (found[2] or "").rstrip("0")
    if len(decimals) > money.minor_digits(currency):
        return None
    return int(whole) * 10_000 + int(decimals.ljust(_DIGITS, "0"))
