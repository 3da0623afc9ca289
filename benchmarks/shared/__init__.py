"""What the benchmarks share: accounts, requests, and other evaluators."""
