"""Requests for checks, built as cheaply as they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.doors.cli.proving import ground, wire

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/api/v1/credit-checks"


def spread(*, token: str, customers: int, mark: str, amount: str = "1.00") -> Callable[[int], bytes]:
    """Return a maker of checks that go round the customers, each for a new order."""
    return _maker(token, lambda number: number % customers + 1, mark=mark, amount=amount)


def hot(*, token: str, mark: str, customer: int = 1, amount: str = "1.00") -> Callable[[int], bytes]:
    """Return a maker of checks for one customer, each for a new order."""
    return _maker(token, lambda _: customer, mark=mark, amount=amount)


def batches(*, token: str, customers: int, mark: str, size: int = 100) -> Callable[[int], bytes]:
    """Return a maker of batches that go round the customers."""

    def make(number: int) -> bytes:
        checks = ",".join(
            _body(
                (number * size + place) % customers + 1, reference=f"{mark}-{number}-{place}", amount="1.00"
            )
            for place in range(size)
        )
        body = f'{{"checks":[{checks}]}}'.encode()
        return wire.post(f"{PATH}/batch", body, token=token, key=f"{mark}-{number}")

    return make


def _maker(
    token: str, customer_of: Callable[[int], int], *, mark: str, amount: str
) -> Callable[[int], bytes]:
    def make(number: int) -> bytes:
        reference = f"{mark}-{number}"
        body = _body(customer_of(number), reference=reference, amount=amount).encode()
        return wire.post(PATH, body, token=token, key=reference)

    return make


def _body(customer: int, *, reference: str, amount: str) -> str:
    return (
        f'{{"company":"{ground.COMPANY_CODE}","customer":"T{customer}","reference":"{reference}",'
        f'"amount":"{amount}","currency":"CNY"}}'
    )
