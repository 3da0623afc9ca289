"""The policy language of IAM: documents, statements, principals, globs, variables, conditions, request context."""
