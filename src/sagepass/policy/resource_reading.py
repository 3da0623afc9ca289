"""What a Resource element comes to where a request names an ARN for an action that takes no resource.

AWS documents that a statement about such an action must say ``"Resource": "*"``
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html),
and yet names an ARN in its own messages (``sagemaker:ListDomains on resource: …:domain/*``). So two questions are asked of
the element, whether it covers ``*`` and whether it covers the ARN, and what they leave open lets nobody in.
"""

from __future__ import annotations

from enum import Enum

from sagepass.policy.truth import Truth

_FALSE, _UNKNOWN, _TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


class ResourceReading(Enum):
    """How the resource of a request is held against a Resource element."""

    NAMED = "named"
    """As the request names it."""
    STAR = "star"
    """The action takes no resource, and the request names one: see :func:`covers`."""
    STAR_FOR_IDENTITIES = "star for identities"
    """The same, but AWS documents policies of resources that allow the action on their ARN."""


def covers(reading: ResourceReading, *, named: Truth, star: Truth, denies: bool, of_resource: bool) -> Truth:
    """Whether a statement covers the resource of a request.

    Args:
        reading: of the request.
        named: whether its element covers the ARN that the request names.
        star: whether it covers ``*``.
        denies: its effect is Deny.
        of_resource: it has a Principal element, as in a policy that is attached to a resource; that resource is all that its
            Resource can name.

    Returns:
        For an Allow ``TRUE`` if it covers both and ``FALSE`` if it does not cover ``*``, which for a statement with a Principal is
        open where it covers the ARN. For a Deny ``TRUE`` if it covers ``*`` and ``FALSE`` if it covers neither. Else ``UNKNOWN``.
    """
    if reading is ResourceReading.NAMED or (of_resource and reading is ResourceReading.STAR_FOR_IDENTITIES):
        return named
    if named is star:
        return named
    if denies:
        return _TRUE if star is _TRUE else _UNKNOWN
    return _FALSE if star is _FALSE and not of_resource else _UNKNOWN


WHY_OPEN = (
    "AWS documents that the action takes no resource, so that only * counts, and yet names ARNs in messages about it"
)
"""Why it is not settled whether a statement counts that covers the ARN, or ``*``, and not the other."""
