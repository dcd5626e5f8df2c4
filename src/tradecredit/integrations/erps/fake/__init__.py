"""An ERP that exists only here: it plays every described system in its documented shape, and goes wrong on request."""
