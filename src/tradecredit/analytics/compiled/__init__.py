"""Rules as expressions over whole tables of facts: one meaning with the engine that decides row by row."""
