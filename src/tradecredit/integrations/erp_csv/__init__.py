"""Spreadsheets and delimited text as people have them: any encoding, any heading, dates and numbers in their own style."""
