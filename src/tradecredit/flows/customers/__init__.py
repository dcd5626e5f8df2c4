"""One customer: duplicates found, merged with their lineage, and taken apart again."""
