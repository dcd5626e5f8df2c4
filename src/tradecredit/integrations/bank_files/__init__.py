"""Bank statements from files: camt, MT940/942, OFX, BAI2, and tables of banks and wallets by column profiles."""
