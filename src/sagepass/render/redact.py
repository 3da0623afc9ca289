"""Pseudonyms: the same name gets the same one throughout a report, and every pseudonym is as long as its name.

Equal lengths keep carets under what they point at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sagepass.catalog.actions import known_service
from sagepass.render.given_paths import GivenPaths
from sagepass.render.page import unchanged
from sagepass.render.plain_names import PlainNames, is_plain

_ARN = re.compile(
    r"arn:aws[a-z-]{0,20}:[a-z0-9-]{0,40}:[a-z0-9-]{0,30}:[0-9*]{0,12}:(?:[^\s\"'<>,;()]|,(?!arn:)(?=[\w+=.@-])){1,600}"
)
"""A comma may be part of a name (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), and separate ARNs."""
_ID = re.compile(
    r"(?<![A-Za-z0-9-])(?:"
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # request ids, key ids
    r"|A[A-Z]{3}[A-Z0-9]{16,17}"  # access keys and unique ids of principals
    r"|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"  # addresses
    r")(?![A-Za-z0-9-])|(?<!\d)\d{12}(?!\d)"
)
_ORGANIZATION_ID = re.compile(
    r"(?<![A-Za-z0-9-])(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|o-[a-z0-9]{10,32})(?![A-Za-z0-9-])"
)
"""Ids of roots, units and organizations:
https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html and its neighbours."""
_FOLDERS = re.compile(r"(?<![\w./:\\-])(?:/(?!aws|/)|[A-Za-z]:[\\/])(?:[^\s/\\\"'<>:;,()]{1,255}[/\\]){1,64}")
"""The folders of an absolute path: they tell who sits at the machine."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2}")
_HIDDEN = "[redacted]"
_KINDS = frozenset(
    {
        "user", "role", "group", "policy", "assumed-role", "federated-user", "root", "aws-service-role", "service-role",
        "aws-reserved", "SageMaker", "administrator", "training-job", "model", "endpoint", "key", "alias", "repository", "domain", "pipeline",
        "notebook-instance", "processing-job", "model-package", "model-package-group", "transform-job", "user-profile",
        "app", "space", "sso.amazonaws.com", "instance-profile", "*", "mfa", "bucket", "function", "job",
    }
)  # fmt: skip
_SHORTEST = 2
"""Characters of the shortest name that gets a pseudonym."""
_SHORTEST_IN_BLOCK = 6


class Redactor:
    """Replaces ids of accounts, keys, principals and requests, addresses, names in ARNs, and the secrets of denials.

    Args:
        texts: everything that names may stand in, in the order in which pseudonyms are given.
        secrets: strings that are replaced as a whole.
        names: names of policies and statements, which stand in no ARN.
        paths: of files and folders, as a person gave them.
    """

    def __init__(
        self,
        texts: Iterable[str],
        secrets: Iterable[str],
        names: Iterable[str] = (),
        paths: Iterable[str] = (),
    ) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._names: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for text in texts:
            self._learn(text)
        for name in names:
            if len(name) >= _SHORTEST:
                self._name(name)
        self._paths = GivenPaths(paths, lambda name: self._names.get(name) or self._of_a_file(name))
        plain = {name: pseudonym for name, pseudonym in self._names.items() if is_plain(name)}
        self._plain = PlainNames(plain) if plain else unchanged
        known = sorted(self._names.keys() - plain.keys(), key=lambda name: (-len(name), name))
        words = "|".join(re.escape(name) for name in known)
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])") if words else None
        self._block = re.compile("|".join(blocks)) if (blocks := _block_patterns(known)) else None

    def __call__(self, text: str) -> str:
        """The text with pseudonyms."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        text = self._paths(text)
        text = _FOLDERS.sub(f"{_HIDDEN}/", text)
        text = _ID.sub(lambda found: self._id(found.group()), text)
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._names[found.group()], text)
        text = self._plain(text)
        if self._block is not None:
            text = self._block.sub(lambda found: "x" * len(found.group()), text)
        return text

    def _learn(self, text: str) -> None:
        for found in _ID.findall(text):
            self._id(found)
        for arn in _ARN.findall(text):
            parts = arn.split(":", 5)
            if parts[2] == "iam" and parts[4] == "aws":  # an AWS managed policy is nobody's secret
                continue
            for name in _names_in(parts[5]):
                bare = name.strip("*?.,")
                if len(bare) >= _SHORTEST and "$" not in bare and "*" not in bare and not _is_of_aws(bare):
                    self._name(bare)
        for found in _ORGANIZATION_ID.findall(text):
            self._name(found)

    def _name(self, name: str) -> None:
        self._names.setdefault(name, _pseudonym(len(self._names) + 1, len(name)))

    def _of_a_file(self, name: str) -> str:
        number = len(self._names) + len(self._files) + 1
        return self._files.setdefault(name, _pseudonym(number, len(name)))

    def _id(self, given: str) -> str:
        """A number in the place of an id; hyphens and dots stay where they are."""
        known = self._ids.get(given)
        if known is None:
            digits = iter(f"{len(self._ids) + 1:0{sum(c.isalnum() for c in given)}d}")
            known = self._ids[given] = "".join(next(digits) if c.isalnum() else c for c in given)
        return known


def _block_patterns(names: Iterable[str]) -> list[str]:
    """The names as Terraform and CloudFormation spell them inside the names of their blocks.

    A single word only where something follows it, as in the name of a block: alone it may be a word of the report.
    """
    found: list[str] = []
    for name in names:
        words = re.findall(r"[A-Za-z0-9]+", name)
        snake, pascal = "_".join(words).lower(), "".join(word[:1].upper() + word[1:] for word in words)
        if len(snake) < _SHORTEST_IN_BLOCK or snake.isdigit():
            continue
        found.append(rf"(?<![A-Za-z0-9]){re.escape(snake)}(?={'_' if len(words) == 1 else '(?![A-Za-z0-9])'})")
        if len(words) > 1:
            found.append(rf"{re.escape(pascal)}(?![a-z])")
        elif not name[1:].islower():
            found.append(rf"(?<![A-Za-z0-9]){re.escape(pascal)}(?=[A-Z0-9])")
    return found


def _names_in(resource: str) -> list[str]:
    """The parts of a path; a role of IAM Identity Center also holds the name of its permission set."""
    names = re.split(r"[/:]", resource)
    names += [name.partition(",")[0] for name in names if "," in name]
    return names + [name.split("_", 1)[1].rpartition("_")[0] for name in names if name.startswith("AWSReservedSSO_")]


def redactor_for(report: object, *, redact: bool, paths: Iterable[str] = ()) -> Callable[[str], str]:
    """The rewriting for a report, and for the paths that were given; it changes nothing unless ``redact``."""
    if not redact:
        return unchanged
    from sagepass.render.told_names import found_in  # noqa: PLC0415 - it knows all that a report can hold

    found = found_in(report)
    return Redactor(found.texts, found.secrets, found.names, [*found.paths, *paths])


def _is_of_aws(word: str) -> bool:
    """Whether a part of a path is a word of AWS's: a kind of resource, a service (``/aws/sagemaker/…``), a Region."""
    return word in _KINDS or word == "aws" or _REGION.fullmatch(word) is not None or known_service(word)


def _pseudonym(number: int, length: int) -> str:
    """``name1`` padded, or letters where there is no room for that."""
    word = f"name{number}"
    if len(word) <= length:
        return word.ljust(length, "x")
    letters = ""
    for _ in range(length):
        number, digit = divmod(number, 26)
        letters += chr(ord("a") + digit)
    return letters
