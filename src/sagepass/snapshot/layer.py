"""What is known of the policies that one check evaluates, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that was not supplied and could matter.

    Attributes:
        what: a noun phrase that reads well after "provided that" and before "allow it" or in a list of gaps:
            ``the service control policies of account 123456789012``.
        supply: the one command (or file) that would supply it; empty if none can.
        grants_only: what is missing can only grant, never deny (a policy made by AWS RAM, a grant of a KMS key): it
            cannot turn an allow into a denial.
        of_unnamed: it is the policy of one SageMaker resource that the snapshot nowhere tells of; the resource may not exist.
    """

    what: str
    supply: str = ""
    grants_only: bool = False
    of_unnamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The policies of one check.

    ``exists`` tells "no such policy limits or grants" (false) from "there is one" (true): a permissions boundary that
    exists and is silent denies, one that does not exist has no impact. ``missing`` holds what was not supplied: the
    layer is then only partly known.
    """

    policies: tuple[Policy, ...] = ()
    exists: bool = False
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the organization on the way from the root to an account."""

    target: str
    """Root id, organizational unit id or account id."""
    name: str = ""
    policies: tuple[Policy, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailLayer:
    """Service or resource control policies: one level per step from the root to the account.

    No levels and nothing missing: no such policy limits the account. ``exempt`` says why none applies although some
    may be attached (the management account).
    """

    levels: tuple[Level, ...] = ()
    missing: tuple[Missing, ...] = ()
    exempt: str | None = None
