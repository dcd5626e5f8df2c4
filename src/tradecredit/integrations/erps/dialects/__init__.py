"""How systems are spoken to: one module a protocol."""
