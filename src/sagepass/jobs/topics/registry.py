"""Finding topics: every file of this folder that exposes ``TOPIC`` is one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import sagepass.jobs.topics
from sagepass.jobs.topics.topic import Topic

_PACKAGE = "sagepass.jobs.topics"
_OWN = frozenset({"registry", "topic"})


def topics() -> tuple[Topic, ...]:
    """All topics, sorted by name."""
    return tuple(topic for name in _names() if (topic := find_topic(name)) is not None)


def find_topic(name: str) -> Topic | None:
    """A topic by its name in lower case; ``None`` if there is none. Only that topic's file is loaded."""
    module = name.replace("-", "_")
    if module not in _names():
        return None
    topic = import_module(f"{_PACKAGE}.{module}").TOPIC
    assert isinstance(topic, Topic)
    return topic


@cache
def _names() -> tuple[str, ...]:
    found = (module.name for module in iter_modules(sagepass.jobs.topics.__path__))
    return tuple(sorted(name for name in found if name not in _OWN))
