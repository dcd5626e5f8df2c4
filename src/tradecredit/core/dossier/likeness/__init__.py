"""Whether two records are one customer: by number, name, sound, telephone and address."""
