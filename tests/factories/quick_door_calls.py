"""Calls of the two doors with a check, and what of their answers must be the same."""

from __future__ import annotations

import json
from uuid import uuid4

from django.test import Client

from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")


def body(amount="50000.00", customer="C001", reference=None, **fields):
    return {
        "company": "DEMO",
        "customer": customer,
        "control_point": "order",
        "reference": reference or f"SO-{uuid4().hex[:8]}",
        "amount": amount,
        "currency": "CNY",
        **fields,
    }


def ordinary(token, content, *, key=None, language="en"):
    return Client().post(
        "/api/v1/credit-checks",
        data=json.dumps(content),
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or str(uuid4()),
            "Accept-Language": language,
        },
    )


_OF_ONE_CALL = ("id", "decided_at", "reference", "customer")


def common(answer):
    """Return an answer without what differs between two orders of two equal customers."""
    found = {name: value for name, value in answer.items() if name not in _OF_ONE_CALL}
    if found.get("reservation"):
        found["reservation"] = {**found["reservation"], "id": "…"}
    return found


def rows(query):
    with db.unit_of_work(SYSTEM):
        return query()
