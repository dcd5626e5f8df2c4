"""The database server: embedded by default, any PostgreSQL from version 15 instead."""
