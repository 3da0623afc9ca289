"""Topics of explain: a file that exposes ``TOPIC`` is one, and nothing else has to be registered."""

from __future__ import annotations

import json
from pathlib import Path

from tests.render.test_json import validate

from sagepass.catalog.resources import resource_types
from sagepass.jobs import topics
from sagepass.jobs.topics.registry import find_topic
from sagepass.jobs.topics.registry import topics as all_topics
from sagepass.jobs.topics.support import answer
from sagepass.render.topic_page import render_topic, topic_to_json


def test_each_file_is_a_topic_of_its_name() -> None:
    """The name is the file's, in lower case, with a usage and a summary on one line."""
    files = {path.stem for path in Path(topics.__path__[0]).glob("*.py")} - {"__init__", "registry", "topic"}
    assert {topic.name.replace("-", "_") for topic in all_topics()} == files
    for topic in all_topics():
        assert topic.name == topic.name.lower()
        assert topic.summary
        assert not topic.summary.endswith(".")
        assert "\n" not in topic.summary + topic.usage


def test_no_other_module_can_be_reached_by_name() -> None:
    """A word from the command line names a topic or nothing."""
    for word in ("registry", "topic", "__init__", "..explain", "nope", ""):
        assert find_topic(word) is None


def test_support_of_every_type_can_be_shown() -> None:
    """For people at any width without a cut ARN, for machines as JSON."""
    for kind in resource_types("sagemaker"):
        page = answer(("sagemaker", kind.name))
        shown = render_topic(page, width=60)
        assert kind.arn_templates[0] in shown
        data = topic_to_json("support", page)
        assert json.loads(json.dumps(data))["resource_type"] == kind.name
        validate("support", data)


def test_support_of_the_service_as_data() -> None:
    """It fits its published schema, and nothing in it is undocumented."""
    validate("support", topic_to_json("support", answer(())))
