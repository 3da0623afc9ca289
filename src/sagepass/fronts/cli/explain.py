# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass explain``: what a code means, and the topics (:mod:`sagepass.jobs.topics`)."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, colored, width, write, write_json


def explain(
    *words: str,
    output_format: Annotated[Literal["human", "json"], Parameter(name="--format")] = "human",
    color: Color = Color.AUTO,
) -> ExitCode:
    """Explain a code that stands in an answer, or a topic; without words, list both.

    Args:
        words: A code, such as PRINCIPAL_IMPLICIT_DENY, or a topic with its subject, such as: support sagemaker.
        output_format: The form of the answer.
        color: When to use colours.
    """
    as_json = output_format == "json"
    if not words:
        return _list(as_json=as_json, color=colored(color))
    from sagepass.jobs.topics.registry import find_topic

    topic = find_topic(words[0].lower())
    if topic is None:
        return _code(words, as_json=as_json, color=colored(color))
    from sagepass.jobs.topics.topic import UnknownSubjectError
    from sagepass.render.topic_page import render_topic, topic_to_json

    try:
        answer = topic.answer(words[1:])
    except UnknownSubjectError as error:
        raise CliError(error.message, remedy=error.remedy) from error
    if as_json:
        write_json(topic_to_json(topic.name, answer))
    else:
        write(render_topic(answer, width=width(), color=colored(color)))
    return ExitCode.FINE


def _list(*, as_json: bool, color: bool) -> ExitCode:
    from sagepass.jobs.explain import all_codes
    from sagepass.jobs.topics.registry import topics
    from sagepass.render.code_page import code_to_json, render_code_list
    from sagepass.render.topic_page import render_topic_list

    pages = all_codes()
    if as_json:
        listed = [{"topic": topic.name, "usage": topic.usage, "summary": topic.summary} for topic in topics()]
        write_json({"format_version": "1.0", "codes": [code_to_json(page) for page in pages], "topics": listed})
    else:
        write(render_topic_list(topics(), width=width(), color=color))
        write(render_code_list(pages, width=width(), color=color))
    return ExitCode.FINE


def _code(words: tuple[str, ...], *, as_json: bool, color: bool) -> ExitCode:
    from sagepass.jobs.explain import UnknownCodeError, find_code
    from sagepass.render.code_page import code_to_json, render_code

    if len(words) > 1:
        raise CliError(f"there is no topic {words[0]!r}", remedy="sagepass explain lists all topics and codes")
    try:
        page = find_code(words[0])
    except UnknownCodeError as error:
        raise CliError(error.message, remedy=error.remedy) from error
    if as_json:
        write_json({"format_version": "1.0", "codes": [code_to_json(page)]})
    else:
        write(render_code(page, width=width(), color=color))
    return ExitCode.FINE
