"""Failpoints and switches: nothing unless armed, refused where real books are kept."""

from __future__ import annotations

import os
import signal

import pytest

from tradecredit.plumbing import failpoints


@pytest.fixture
def armed(monkeypatch):
    """Arm this process as the environment would, and disarm it after the test."""

    def arm(*, places: str = "", switches: str = "", environment: str = "proof") -> None:
        monkeypatch.setenv(failpoints.FAILPOINTS, places)
        monkeypatch.setenv(failpoints.UNSAFE, switches)
        failpoints.refuse_in_production(environment)

    yield arm
    monkeypatch.undo()
    failpoints.refuse_in_production("production")


@pytest.fixture
def kills(monkeypatch):
    found: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, number: found.append(number))
    return found


class TestRefuseInProduction:
    def test_an_installation_is_production_unless_told(self, armed):
        with pytest.raises(failpoints.ArmedInProductionError, match="throw-away"):
            armed(switches="skip-lock", environment="production")

        assert not failpoints.is_switched_off("skip-lock")

    def test_kill_points_are_refused_as_well(self, armed):
        with pytest.raises(failpoints.ArmedInProductionError, match="throw-away"):
            armed(places="account.locked=1", environment="production")

    def test_unknown_names_are_refused(self, armed):
        with pytest.raises(failpoints.ArmedInProductionError, match=r"no\.such\.place"):
            armed(places="no.such.place=1")

    def test_nothing_set_is_fine_everywhere(self, armed):
        armed(environment="production")

        assert not failpoints.is_armed()


class TestReach:
    def test_kills_at_the_pass_named(self, armed, kills):
        armed(places="outbox.reacted=2")

        failpoints.reach("outbox.reacted")
        assert kills == []

        failpoints.reach("account.locked")
        failpoints.reach("outbox.reacted")
        assert kills == [signal.SIGKILL]

    def test_does_nothing_unarmed(self, kills):
        failpoints.reach("outbox.reacted")

        assert kills == []


class TestIsSwitchedOff:
    def test_names_what_was_switched_off(self, armed):
        armed(switches="skip-lock,no-idempotency")

        assert failpoints.is_switched_off("skip-lock")
        assert failpoints.is_switched_off("no-idempotency")
        assert not failpoints.is_switched_off("shuffle-locks")
