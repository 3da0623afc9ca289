"""The page of a topic, and the list of topics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sagepass.jobs.topics.topic import Entry, Topic, TopicAnswer
from sagepass.render.page import DEFAULT_WIDTH, Page

_STYLES = {"yes": "green", "partial": "yellow", "no": "red"}


def render_topic(answer: TopicAnswer, *, width: int = DEFAULT_WIDTH, color: bool = False) -> str:
    """Title, sections, notes; every entry with its answer in front and its sources below."""
    page = Page(width=width)
    page.line((answer.title, "bold"), hang=2)
    for section in answer.sections:
        page.blank()
        if section.heading:
            page.line((section.heading, "bold"))
        for entry in section.entries:
            _entry(page, entry)
    for note in answer.notes:
        page.blank()
        page.line(note, hang=2)
    return page.render(color=color)


def _entry(page: Page, entry: Entry) -> None:
    mark = (f"{entry.mark:<8}", _STYLES.get(entry.mark, "")) if entry.mark else ""
    page.line(mark, entry.name, indent=2, hang=2)
    if entry.text:
        page.line(entry.text, indent=10 if entry.mark else 4)
    for link in entry.links:
        page.code(("see: ", "cyan"), link, indent=10 if entry.mark else 4)


def render_topic_list(topics: Iterable[Topic], *, width: int = DEFAULT_WIDTH, color: bool = False) -> str:
    """One line for each topic: how to ask for it, and what it says."""
    page = Page(width=width)
    for topic in topics:
        page.line((f"{topic.name} {topic.usage}", "bold"), f"  {topic.summary}", hang=4)
    return page.render(color=color)


def topic_to_json(name: str, answer: TopicAnswer) -> dict[str, Any]:
    """An answer as plain data."""
    return {"format_version": "1.0", "topic": name, **answer.data}
