"""From text to a tree, with the place of every piece."""
