"""Cash application: which payment settles which instalment, by which method, and in words."""
