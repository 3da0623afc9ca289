"""What a fix grants, as sentences and as data."""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.repair.option import Grant


def grant_sentences(grants: Iterable[Grant]) -> tuple[str, ...]:
    """One sentence for each thing that becomes allowed, each said once."""
    return tuple(dict.fromkeys(grant.sentence for grant in grants if grant.sentence))


def grant_rows(grants: Iterable[Grant]) -> tuple[tuple[str, str, str, str], ...]:
    """The same as data: principal, action pattern, resource pattern, conditions as JSON text."""
    rows = ((grant.principal, grant.action, grant.resource, grant.conditions) for grant in grants)
    return tuple(dict.fromkeys(rows))
