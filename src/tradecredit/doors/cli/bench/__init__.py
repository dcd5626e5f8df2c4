"""``tradecredit bench``: the speed of the house, beside what it is measured against."""
