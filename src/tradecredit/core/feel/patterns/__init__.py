"""Regular expressions of XPath flavour, matched in bounded time by a machine of our own."""
