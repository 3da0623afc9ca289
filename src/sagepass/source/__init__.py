"""Text as it was given: documents, spans, routes into JSON, edits that keep formatting, and findings. Knows no IAM."""
