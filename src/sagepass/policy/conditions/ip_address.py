"""IP address operators: an address inside a CIDR range, IPv4 and IPv6.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
"""

from __future__ import annotations

import ipaddress

from sagepass.policy.conditions.values import read_network
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth


def inside(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``IpAddress``: the request's address lies in the policy's range; without a mask the range is one address."""
    wanted, given = read_network(expected), read_network(actual)
    if isinstance(wanted, ipaddress.IPv4Network) and isinstance(given, ipaddress.IPv4Network):
        return Truth.of(given.subnet_of(wanted))
    if isinstance(wanted, ipaddress.IPv6Network) and isinstance(given, ipaddress.IPv6Network):
        return Truth.of(given.subnet_of(wanted))
    return Truth.FALSE
