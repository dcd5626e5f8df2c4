"""The base of every row: its identifier, and how the database guards it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.ids import new_id


class Row(models.Model):
    """A row with a time-ordered identifier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    # Read by plumbing/guards.py, which turns them into grants, triggers and row security.
    is_append_only: ClassVar[bool] = False
    is_written_by_functions_only: ClassVar[bool] = False

    class Meta:
        abstract = True
