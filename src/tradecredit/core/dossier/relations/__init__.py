"""Who is bound to whom, and what follows when one of them fails."""
