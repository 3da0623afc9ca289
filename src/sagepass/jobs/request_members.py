"""Which member of an API call a condition key is: policies say ``sagemaker:VpcSubnets``, programs ``VpcConfig.Subnets``.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html, compiled into
:mod:`sagepass.catalog.operations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sagepass.catalog.operations import Operation, find_operation
from sagepass.denial.record import Denial
from sagepass.repair.fix import Fix

_KEY = re.compile(r"\bsagemaker:[A-Za-z]+\b")
_SHOWN = 3


def with_request_members(fixes: tuple[Fix, ...], denial: Denial) -> tuple[Fix, ...]:
    """The fixes, those that are another request with a step that says which member of the call carries the key."""
    service, _, name = (denial.action or denial.action_inferred or "").partition(":")
    operation = find_operation("sagemaker", denial.operation or name) if service == "sagemaker" else None
    if operation is None:
        return fixes
    return tuple(fix if fix.edits else replace(fix, steps=(*fix.steps, *_steps(fix, operation))) for fix in fixes)


def _steps(fix: Fix, operation: Operation) -> Iterator[str]:
    paths = {key.lower(): members for key, members in operation.key_paths}
    for key in dict.fromkeys(_KEY.findall(fix.title)):
        members = [member.replace("[]", "") for member in paths.get(key.lower(), ())]
        if members:
            more = f" and {len(members) - _SHOWN} more" if len(members) > _SHOWN else ""
            yield f"in a call of {operation.name}, {key} is {', '.join(members[:_SHOWN])}{more}"
