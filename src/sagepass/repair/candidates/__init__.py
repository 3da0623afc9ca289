"""Candidates: for each kind of check, the edits that may get a request past it."""
