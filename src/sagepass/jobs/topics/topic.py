"""What a topic is, and what it answers: text in sections for people, the same as data for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a section with what belongs to it.

    Attributes:
        name: what it is about.
        mark: the answer in a word (``yes``, ``partial``), empty if there is none.
        text: the explanation, empty if the word says it all.
        links: the pages that say so.
    """

    name: str
    mark: str = ""
    text: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries under a heading; an empty heading is none."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnswer:
    """The page for one subject.

    Attributes:
        title: one line.
        sections: what people read.
        notes: what is to be said at the end.
        data: the same for machines, as JSON has it.
    """

    title: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic.

    Attributes:
        name: the word after ``sagepass explain``, in lower case.
        usage: the words that follow it (``sagemaker [TYPE]``).
        summary: one line, without a final period.
        answer: from the words after the name to the page; raises :class:`UnknownSubjectError`.
    """

    name: str
    usage: str
    summary: str
    answer: Callable[[tuple[str, ...]], TopicAnswer]


class UnknownSubjectError(Exception):
    """A topic has no page for these words.

    Attributes:
        message: the fact, in lower case.
        remedy: what can be asked instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
