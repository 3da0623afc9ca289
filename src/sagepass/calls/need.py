"""What a whole call takes, from everybody involved: one authorization of one principal, and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.calls.call import Needed
from sagepass.source.route import Route

MOST_NEEDS = 2_000
"""Authorizations of one call that are looked at: no call that the API accepts takes nearly as many."""


class Block(StrEnum):
    """What an authorization is for."""

    CALL = "the call itself"
    PASS_ROLE = "passing the role"  # noqa: S105 - the name of a block, not a secret
    TAGS = "tags"
    SERVICE_LINKED_ROLE = "the service-linked role"
    TRUST = "assuming the role"
    LOGS = "logs"
    METRICS = "metrics"
    IMAGE = "the container image"
    INPUT = "input data"
    OUTPUT = "output data"
    KEY = "encryption"
    NETWORK = "the VPC"
    FILE_SYSTEM = "the file system"
    NOTIFICATION = "notifications"
    FUNCTION = "functions"
    CHILD_CALLS = "calls that the job makes"
    CATALOG = "the data catalog"


class Necessity(StrEnum):
    """What happens without it."""

    REQUIRED = "required"
    """The call, the job or the deployment fails."""
    USUAL = "usual"
    """AWS's pages list it; the work goes on without it, with less (no logs, no metrics), or it serves a special case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNeed:
    """One authorization that a call takes.

    Attributes:
        needed: action, resource, context, who (as a kind) and the request field that asks for it.
        principal: who it is: the ARN of a user, role or session, or a service principal.
        block: what it is for.
        necessity: whether the call fails without it.
        source: the page of AWS that says so.
        instead: another authorization that does as well (the caller's, where the role has none).
        refused: why AWS refuses this whatever the policies say; empty in the ordinary case.
        remedy: what to do about ``refused``.
        corrected: the same need once the remedy is followed, where it names another role.
        makes_resource: the call makes the resource, so that it has no policy of its own yet.
    """

    needed: Needed
    principal: str
    block: Block
    necessity: Necessity = Necessity.REQUIRED
    source: str = ""
    instead: CallNeed | None = None
    refused: str = ""
    remedy: str = ""
    corrected: CallNeed | None = None
    makes_resource: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two needs the same question."""
        one = self.needed
        return (self.principal, one.action, one.resource, one.context, one.absent, one.unsettled, self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """Something that may ask for more and is not told by the request: ``what`` is not known, ``look_up`` finds it out.

    ``because`` is the request field that leads to it.
    """

    what: str
    look_up: str
    because: Route = ()


@dataclass(slots=True)
class Needs:
    """The authorizations of one call in the order in which AWS comes to them, and what stays open. Filled step by step."""

    found: list[CallNeed] = field(default_factory=list)
    open_points: list[OpenPoint] = field(default_factory=list)
    _places: dict[tuple[object, ...], int] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def add(self, *needs: CallNeed) -> None:
        """Add authorizations, each question once: where it is asked again as required, it is required."""
        for need in needs:
            same = self._places.get(need.key)
            if same is None and len(self.found) >= MOST_NEEDS:
                self.leave_open(f"only {MOST_NEEDS:,} authorizations of one call are looked at", "split the call")
            elif same is None:
                self._places[need.key] = len(self.found)
                self.found.append(need)
            elif need.necessity is Necessity.REQUIRED and self.found[same].necessity is Necessity.USUAL:
                self.found[same] = need

    def leave_open(self, what: str, look_up: str, because: Route = ()) -> None:
        """Note what is not known."""
        if what not in self._open and len(self.open_points) < MOST_NEEDS:
            self._open.add(what)
            self.open_points.append(OpenPoint(what=what, look_up=look_up, because=because))
