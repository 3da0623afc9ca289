"""The record of what an execution role has to do for one operation.

Paths are those of :mod:`sagepass.calls.request_paths`, counted from ``part``: a path to a structure of the request, empty for the
whole request.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"


@dataclass(frozen=True, slots=True)
class InputPath:
    """A member that names data to read.

    ``kind`` says what the address stands for: the name of the member beside it that tells (``S3DataType``), or a fixed kind
    after an equals sign: ``=S3Object`` for one object, ``=S3Prefix`` for everything that begins like it.
    """

    path: str
    kind: str = "S3DataType"


@dataclass(frozen=True, slots=True)
class OutputPath:
    """A member that names a place to write to, the member with the key it is encrypted with, and what is put below it.

    ``below`` is the request member whose value AWS puts between the place and the object, empty if that is not documented.
    """

    path: str
    key: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWork:
    """What one role does for one operation.

    Attributes:
        part: the structure of the request that the other paths begin at.
        role: the path of the role, from ``part``; empty if it is not in the request.
        images: addresses of container images.
        inputs: data that is read.
        outputs: data that is written.
        both: places that are read and written (checkpoints).
        volume_keys: keys of the volumes of the instances.
        network: the member with ``Subnets`` and ``SecurityGroupIds``; empty if there is none.
        file_systems: structures with ``FileSystemId`` and ``FileSystemType``.
        topics: topics of Amazon SNS that are published to.
        functions: functions of AWS Lambda that are invoked.
        log_group: the log group, ``{name}`` for the name of what is made; empty if no logs are written.
        source: the page that lists it.
        unscoped_network: network permissions have to be given on everything.
    """

    part: str = ""
    role: str = "RoleArn"
    images: tuple[str, ...] = ()
    inputs: tuple[InputPath, ...] = ()
    outputs: tuple[OutputPath, ...] = ()
    both: tuple[str, ...] = ()
    volume_keys: tuple[str, ...] = ()
    network: str = ""
    file_systems: str = ""
    topics: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    log_group: str = ""
    source: str = ROLES_PAGE
    unscoped_network: bool = False
