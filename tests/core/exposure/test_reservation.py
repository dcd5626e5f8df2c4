from __future__ import annotations

from datetime import date

import pytest

from factories.credit_facts import cny
from tradecredit.core.exposure import reservation
from tradecredit.core.exposure.reservation import Reservation, ReservationState, UnableToEndReservationError

HELD = Reservation(reference="SO-7", amount=cny("120000.00"), expires_on=date(2026, 3, 10))


class TestEnd:
    @pytest.mark.parametrize("state", [ReservationState.POSTED, ReservationState.RELEASED])
    def test_ends_a_pending_reservation_once(self, state):
        ended = reservation.end(HELD, state=state, as_of=date(2026, 3, 2))

        assert ended.state is state
        assert not ended.holds_room
        with pytest.raises(UnableToEndReservationError):
            reservation.end(ended, state=ReservationState.RELEASED, as_of=date(2026, 3, 2))

    def test_expires_on_the_day_it_names_and_not_before(self):
        with pytest.raises(UnableToEndReservationError, match="2026-03-10"):
            reservation.end(HELD, state=ReservationState.EXPIRED, as_of=date(2026, 3, 9))

        ended = reservation.end(HELD, state=ReservationState.EXPIRED, as_of=date(2026, 3, 10))

        assert ended.state is ReservationState.EXPIRED

    def test_is_not_begun_again(self):
        with pytest.raises(ValueError, match="beginning"):
            reservation.end(HELD, state=ReservationState.PENDING, as_of=date(2026, 3, 2))
