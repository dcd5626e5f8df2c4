"""Kill -9 at named points, in a process of its own: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import signal

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.urls import get_resolver

from factories import companies, orders
from tradecredit.apps.decisions.models import Decision
from tradecredit.flows import reactions
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

SYSTEM = Actor.system("test")
KILLED = -signal.SIGKILL


@pytest.fixture
def token(own_database):
    # Imported here once, not in every child.
    assert get_resolver().url_patterns
    company = companies.company()
    orders.policy(company)
    orders.creditworthy(company)
    actor = companies.person(company, Role.INTEGRATION)
    return tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)


def child(work, *, at="", unsafe=""):
    """Do the work in a copy of this process that dies at the point named; returns its exit code and what it made."""
    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.environ |= {failpoints.FAILPOINTS: at, failpoints.UNSAFE: unsafe}
            failpoints.refuse_in_production("test")
            os.write(writing, json.dumps(work()).encode())
            connections.close_all()
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as file:
        made = file.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), json.loads(made) if made else None


def asking(token):
    """Return the work of checking one order over the API, under one key."""

    def ask():
        return (
            Client()
            .post(
                "/api/v1/credit-checks",
                data=json.dumps(
                    {
                        "company": "DEMO",
                        "customer": "C001",
                        "reference": "SO-1",
                        "amount": "100.00",
                        "currency": "CNY",
                    }
                ),
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "K1"},
            )
            .json()["id"]
        )

    return ask


def drain():
    return reactions.drain(actor=SYSTEM)


def decisions():
    with db.unit_of_work(SYSTEM):
        return [str(key) for key in Decision.objects.order_by("decided_at").values_list("pk", flat=True)]


class TestWebProcess:
    def test_killed_under_the_lock_has_done_nothing_and_the_retry_does_it_once(self, token):
        assert child(asking(token), at="account.locked=1") == (KILLED, None)
        assert decisions() == []

        code, decision = child(asking(token))

        assert (code, decisions()) == (0, [decision])
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole

    def test_killed_after_commit_before_the_reply_is_answered_by_the_same_key(self, token):
        assert child(asking(token), at="answer.committed=1") == (KILLED, None)
        done = decisions()
        assert len(done) == 1

        code, decision = child(asking(token))

        assert (code, [decision], decisions()) == (0, done, done)

    def test_control_without_keys_the_retry_decides_a_second_time(self, token):
        assert child(asking(token), at="answer.committed=1", unsafe="no-idempotency") == (KILLED, None)

        child(asking(token), unsafe="no-idempotency")

        assert len(decisions()) == 2


class TestWorker:
    def test_killed_in_the_middle_of_the_outbox_repeats_both_or_neither(self, token, own_database):
        child(asking(token))

        assert child(drain, at="outbox.reacted=1") == (KILLED, None)
        with psycopg.connect(own_database) as owner:
            waiting = owner.execute(
                "SELECT count(*), count(*) FILTER (WHERE processed_at IS NULL) FROM outbox_event"
            ).fetchone()
        assert waiting[0] == waiting[1] > 0

        assert child(drain) == (0, waiting[0])
        assert child(drain) == (0, 0)
