"""Whose data it is: companies, users, roles, and the only way to rows."""

from tradecredit.plumbing.access.actor import Actor, Role, RowScope

__all__ = ["Actor", "Role", "RowScope"]
