"""The Access Troubleshooter's API: actions of IAM, on no resource.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import ResourceState
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Row, ServiceTable


def _no_resource(_: Asked) -> Iterable[Named]:
    return (Named(arn="*", kind="", state=ResourceState.NONE),)


TABLE = ServiceTable(
    prefix="iam",
    resources={"none": _no_resource},
    instead={
        "GetRequestAuthorizationDetails": (Row(action="GetRequestAuthorizationDetails", on=("none",)),),
        "GetRequestAuthorizationPolicy": (Row(action="GetRequestAuthorizationPolicy", on=("none",)),),
    },
)
