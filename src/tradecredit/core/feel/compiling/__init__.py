"""From a tree to closures that are called with a scope."""
