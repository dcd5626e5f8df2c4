"""TradeCredit: whom to trust, for how much, and getting the money back."""
