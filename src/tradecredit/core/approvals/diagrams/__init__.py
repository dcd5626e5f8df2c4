"""Flows as they are drawn: read from BPMN 2.0, looked over, and told apart from what cannot run here."""
