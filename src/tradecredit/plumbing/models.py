"""The base of every row that belongs to a company."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.access.managers import CompanyManager
from tradecredit.plumbing.rows import Row


class CompanyRow(Row):
    """A row of one company; row security keeps other companies out."""

    company = models.ForeignKey("access.Company", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[CompanyManager] = CompanyManager()  # type: ignore[type-arg] # the model is each subclass

    class Meta:
        abstract = True
