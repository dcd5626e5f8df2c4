"""Files that people brought: what became of their rows, what was taken back, and which column is which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class FileImport(CompanyRow):
    """A file that somebody imported, with what became of its rows."""

    is_append_only: ClassVar[bool] = True

    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    read = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "-imported_at"], name="file_import_latest")]


class FilePart(CompanyRow):
    """The rows of a file that were recorded together and were new or changed something, in their transaction.

    ``rows`` are lists: row in the file, business key, what became of it, what exactly (facts: name and first day).
    ``file_id`` is the import's, which is recorded when it has ended.
    """

    is_append_only: ClassVar[bool] = True

    file_id = models.UUIDField()
    kind = models.CharField(max_length=24)
    rows = models.JSONField(default=list)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["file_id"], name="file_part_of")]


class FileUndo(CompanyRow):
    """What was taken back of a file, and what had to stay with the reasons; the latest one is shown."""

    is_append_only: ClassVar[bool] = True

    file = models.ForeignKey(FileImport, on_delete=models.PROTECT, related_name="+")
    undone = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    reasons = models.JSONField(default=list, help_text="the first rows that stay: row, key, words")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["file", "-recorded_at"], name="file_undo_latest")]


class RememberedMapping(CompanyRow):
    """Which column is which, for files of a kind with the same headings; the latest counts, an empty one forgets."""

    is_append_only: ClassVar[bool] = True

    kind = models.CharField(max_length=24)
    headings = models.CharField(max_length=64, help_text="digest of the headings, whatever their order")
    file_name = models.CharField(max_length=200)
    mapping = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["company", "kind", "headings", "-recorded_at"], name="mapping_latest")
        ]
