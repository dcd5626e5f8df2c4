"""Reservations: room held for one document, with exactly one end at most."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money


class ReservationState(StrEnum):
    """A reservation begins pending and ends once, in one of three ways."""

    PENDING = "pending"
    POSTED = "posted"
    RELEASED = "released"
    EXPIRED = "expired"


class UnableToEndReservationError(UnableToError):
    """The reservation has ended already, or is not due to expire."""

    code = "reservation_ended"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """An amount held for a document until a day (that day excluded)."""

    reference: str
    amount: Money
    expires_on: date
    state: ReservationState = ReservationState.PENDING

    @property
    def holds_room(self) -> bool:
        """Tell whether the amount still counts as reserved."""
        return self.state is ReservationState.PENDING

    def is_due_to_expire(self, *, as_of: date) -> bool:
        """Tell whether the reservation lapses on the day: held until the 10th, it lapses on the 10th."""
        return self.holds_room and as_of >= self.expires_on


def end(reservation: Reservation, *, state: ReservationState, as_of: date) -> Reservation:
    """End a pending reservation; raises UnableToEndReservationError for a second end or an early expiry."""
    if state is ReservationState.PENDING:
        raise ValueError("pending is the beginning of a reservation, not an end")
    if not reservation.holds_room:
        raise UnableToEndReservationError(
            Words(
                zh="额度预占 {reference} 已经结束（{state}），不能再次结束。请刷新后查看。",
                en="The reservation for {reference} has ended already ({state}). Reload to see how it stands.",
            ).filled(reference=reservation.reference, state=reservation.state.value),
            reference=reservation.reference,
            state=reservation.state.value,
        )
    if state is ReservationState.EXPIRED and not reservation.is_due_to_expire(as_of=as_of):
        raise UnableToEndReservationError(
            Words(
                zh="额度预占 {reference} 有效至 {until}，尚未到期。",
                en="The reservation for {reference} holds until {until} and is not due to expire.",
            ).filled(reference=reservation.reference, until=reservation.expires_on.isoformat()),
            reference=reservation.reference,
            state=reservation.state.value,
        )
    return dataclasses.replace(reservation, state=state)
