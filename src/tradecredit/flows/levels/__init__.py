"""The journey of a level above accounts: define it, limit it, move customers, convert currencies."""
