"""The journey of money owed: documents, payments, matching, disputes."""
