"""What customers owe: terms, open items, aging, payment behaviour and collection ratios."""
