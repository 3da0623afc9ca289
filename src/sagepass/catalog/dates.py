"""The date of the catalog, for sentences such as "no such action in the catalog of 2026-09-26"."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSource:
    """One package the tables were compiled from."""

    package: str
    version: str
    licence: str


def catalog_date() -> str:
    """The day (``YYYY-MM-DD``) on which the source of the actions, resources and condition keys was last updated."""
    return str(table("manifest.json")["date"])


def catalog_sources() -> tuple[CatalogSource, ...]:
    """The packages behind the tables, with versions and licences."""
    return tuple(CatalogSource(**source) for source in table("manifest.json")["sources"])
