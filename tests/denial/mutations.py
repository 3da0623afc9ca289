"""Other texts that say the same: new names, accounts and actions, other wrapping, quoting and surroundings."""

from __future__ import annotations

import copy
import html
import json
import re
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Record = dict[str, Any]

_ACTION = re.compile(
    r"(?<![\w:])(sagemaker|s3|ecr|kms|ec2|glue|lambda|dynamodb|iam|bedrock|logs):([A-Z][A-Za-z]{3,60})(?![\w:/])"
)
_FIXED = {"PassRole", "AssumeRole"}
_NAMES = [
    "CreateTrainingJob",
    "DescribeEndpoint",
    "ListTags",
    "DeleteModel",
    "PutRecord",
    "StartPipelineExecution",
    "GetObject",
    "BatchGetImage",
    "Decrypt",
    "RunInstances",
    "UpdateDomain",
    "CreateGrant",
    "StopNotebookInstance",
    "SendPipelineExecutionStepSuccess",
]


def renamed(record: Record, random_: random.Random) -> Record:
    """The same record about other accounts, names and actions, perhaps in another partition."""
    text, expected = record["text"], copy.deepcopy(record["expected"])
    swaps = {
        account: f"{random_.randrange(10**11, 10**12)}" for account in set(re.findall(r"(?<!\d)\d{12}(?!\d)", text))
    }
    swaps |= _new_names(text, random_)
    if "arn:aws:" in text and random_.random() < 0.5:
        swaps["arn:aws:"] = random_.choice(["arn:aws-cn:", "arn:aws-us-gov:", "arn:aws-iso:"])
    swaps |= _new_action(text, expected, random_)
    if not swaps:
        return record
    pattern = re.compile("|".join(re.escape(old) for old in sorted(swaps, key=len, reverse=True)))

    def swap(value: str) -> str:
        return pattern.sub(lambda match: swaps[match.group()], value)

    new = {name: swap(value) if isinstance(value, str) else value for name, value in expected.items()}
    new |= {
        name: expected[name] for name in ("kind", "principal_type", "policy_type", "effect", "operation", "service")
    }
    return {**record, "text": swap(text), "expected": new}


def _new_names(text: str, random_: random.Random) -> dict[str, str]:
    """Names of roles, users, jobs, endpoints: the long words after a slash of an ARN."""
    names = set(re.findall(r"arn:aws[\w-]*:[\w-]+:[^\s:]*:\d{12}:[\w-]+/([A-Za-z][\w-]{9,60})(?=[\s/\"'])", text))
    kept = {
        name for name in names if text.count(name) == len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))
    }
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {
        name: "".join(random_.choice(letters) for _ in range(4)) + "-Team-" + str(random_.randrange(10**6))
        for name in kept
    }


def _new_action(text: str, expected: dict[str, Any], random_: random.Random) -> dict[str, str]:
    action = expected["action"]
    if not action or expected["action_inferred"] or action.partition(":")[2] in _FIXED or not _ACTION.fullmatch(action):
        return {}
    if (
        expected["kind"] != "iam_denial"
        or "API: " in text
        or text.count(action.partition(":")[2]) != len(re.findall(re.escape(action) + r"\b", text))
    ):
        return {}
    return {action: f"{expected['service']}:{random_.choice(_NAMES)}"}


def _prefixed(prefix: str) -> Callable[[str, random.Random], str]:
    return lambda text, _: "\n".join(prefix + line for line in text.split("\n"))


def _log(text: str, random_: random.Random) -> str:
    lines = [
        f"2026-03-{random_.randrange(10, 28)}T10:{random_.randrange(10, 59)}:07.123Z INFO  step {n} finished"
        for n in range(4)
    ]
    return "\n".join([*lines[:2], "2026-03-01T10:11:12.345Z ERROR worker: " + text, *lines[2:]])


def _stack(text: str, _: random.Random) -> str:
    return (
        'Traceback (most recent call last):\n  File "/opt/app/train.py", line 31, in <module>\n    main()\n'
        f'  File "/opt/app/train.py", line 12, in main\n    raise error\nRuntimeError: {text}\n\nDuring handling of the above exception, another one occurred'
    )


def _colours(text: str, _: random.Random) -> str:
    return "\x1b[31m" + text.replace("not authorized", "\x1b[1mnot authorized\x1b[22m") + "\x1b[0m"


SURROUNDINGS: dict[str, Callable[[str, random.Random], str]] = {
    "quote": _prefixed("> "),
    "comment": _prefixed("# "),
    "slashes": _prefixed("    // "),
    "box": lambda text, _: "╷\n" + "\n".join("│ " + line for line in text.split("\n")) + "\n╵",
    "diff": _prefixed("+"),
    "container": _prefixed("worker-1  | "),
    "indent": _prefixed("        "),
    "crlf": lambda text, _: text.replace("\n", "\r\n"),
    "log": _log,
    "stack": _stack,
    "colours": _colours,
    "fence": lambda text, _: f"I get this since yesterday:\n\n```\n{text}\n```\n\nAny idea?",
    "json": lambda text, _: json.dumps({"level": "warn", "detail": text, "attempt": 3}),
    "json in json": lambda text, _: json.dumps({"body": json.dumps({"detail": text})}, indent=2),
    "html": lambda text, _: f"<pre>{html.escape(text)}</pre>",
    "repr": lambda text, _: f"response = {{'detail': {text!r}, 'n': 1}}",
    "smart quotes": lambda text, _: text.replace('"', "\u201d").replace("'", "\u2019"),
    "as it is": lambda text, _: text,
}
"""Ways in which an error text is passed on."""


def _filled(text: str, random_: random.Random) -> str:
    width = random_.randrange(64, 120)
    return textwrap.fill(text, width, break_on_hyphens=random_.random() < 0.5, break_long_words=random_.random() < 0.5)


def _columns(text: str, random_: random.Random) -> str:
    width = random_.randrange(60, 120)
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def _hanging(text: str, random_: random.Random) -> str:
    return textwrap.fill(
        text, random_.randrange(70, 120), subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )


WRAPPINGS: dict[str, Callable[[str, random.Random], str]] = {"fill": _filled, "columns": _columns, "hanging": _hanging}
"""Ways in which a long line is broken; for texts that are one line."""


def may_be_wrapped(record: Record) -> bool:
    """A one-line text whose value has no blanks of its own, so that breaking it loses nothing."""
    text = record["text"]
    values = [record["expected"].get(name) or "" for name in ("principal", "resource")]
    return "\n" not in text.strip() and len(text) > 90 and not any(" " in value for value in values)
