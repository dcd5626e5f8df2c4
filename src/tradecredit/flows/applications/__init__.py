"""What people ask with a form: admission, payment terms, legal action, exceptions; approved, others carry it out."""
