"""What we reach: files, mail, bureaus."""
