"""Flows of collection: cases, contacts, agreements, hand-overs, plans, evidence."""
