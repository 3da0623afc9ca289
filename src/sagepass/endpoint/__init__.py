"""A local AWS endpoint that enforces IAM: it authenticates, decides, and says no as AWS does."""
