"""Words every rule shares: money, limits, days, identifiers, reasons."""
