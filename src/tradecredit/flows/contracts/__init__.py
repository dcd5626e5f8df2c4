"""Contracts from draft to the last payment: their terms, their legal look, their schedule and what follows from it."""
