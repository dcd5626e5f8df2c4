"""What benchmarks and torture share: a throw-away installation, a server child, a raw HTTP client."""
