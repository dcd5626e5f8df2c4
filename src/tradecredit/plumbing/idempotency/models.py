"""Keys that were used, and what was answered."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.rows import Row


class IdempotencyRecord(Row):
    """One key of one caller: the request's hash and, once it is done, the answer."""

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    answer = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]
