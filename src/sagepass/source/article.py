"""The indefinite article before words."""

from __future__ import annotations


def with_article(words: str) -> str:
    """``an identity-based policy``, ``a trust policy``; by the first letter, which is right for the words of this field."""
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
