"""STS beside AssumeRole and its relatives, which :mod:`sagepass.calls.assume_role` takes apart.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (tags on a federated session need ``sts:TagSession``)
and https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
"""

from __future__ import annotations

from sagepass.calls.services.table import Row, ServiceTable

TABLE = ServiceTable(
    prefix="sts",
    resources={"federated-user": {"FederatedUserName": "Name"}},
    keys={
        "sts:DurationSeconds": ("DurationSeconds",),
        "sts:IdentityTokenAudience": ("Audience[]",),
        "sts:SigningAlgorithm": ("SigningAlgorithm",),
    },
    beside={"GetFederationToken": (Row(action="TagSession", on=("federated-user",), when="Tags"),)},
)
