"""Windows on collections: who needs attention today, and the books that dunning decides on."""
