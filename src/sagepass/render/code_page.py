"""The page behind a code, and the list of all codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sagepass.render.page import DEFAULT_WIDTH, Page
from sagepass.source.finding import CodeDoc


def render_code(doc: CodeDoc, *, width: int = DEFAULT_WIDTH, color: bool = False) -> str:
    """One page: summary, body, links. The body's Markdown is plain enough to be read as it is."""
    page = Page(width=width)
    page.line((doc.code, "bold"), f": {doc.summary}", hang=2)
    for paragraph in doc.body.split("\n\n"):
        page.blank()
        for line in paragraph.splitlines():
            if line.startswith(("    ", "  ")):
                page.code(line)
            else:
                page.line(line, hang=2 if line.startswith("- ") else 0)
    if doc.links:
        page.blank()
    for link in doc.links:
        page.code(("see: ", "cyan"), link)
    return page.render(color=color)


def render_code_list(docs: Iterable[CodeDoc], *, width: int = DEFAULT_WIDTH, color: bool = False) -> str:
    """One line per code."""
    page = Page(width=width)
    for doc in docs:
        page.line((doc.code, "bold"), f"  {doc.summary}", hang=4)
    return page.render(color=color)


def code_to_json(doc: CodeDoc) -> dict[str, Any]:
    """A page as plain data."""
    return {"code": doc.code, "summary": doc.summary, "body": doc.body, "links": list(doc.links)}
