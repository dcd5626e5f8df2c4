"""Decisions: the verdict on an order, a delivery or an invoice, from recorded facts and dated policy."""
