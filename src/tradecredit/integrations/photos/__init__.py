"""Photographs of papers: the codes printed on them, read where a hostile picture can do no harm."""
