"""Fixes: candidate edits, where they can go, and whether they work."""
