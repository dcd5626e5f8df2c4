"""What an order check reads across the books."""
