"""Adapters to ERP and CRM systems: each described in a file, spoken to in one of a few dialects."""
