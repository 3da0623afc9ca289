"""Whether the documents of a plan fit AWS's quotas.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, by way of :mod:`sagepass.catalog.quotas`.
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.catalog.quotas import quota
from sagepass.jobs.share.plan import NewRole, Piece
from sagepass.repair.fits import over_quota, size_of
from sagepass.repair.fix import Edit
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot


def with_quota_warnings(piece: Piece, snapshot: Snapshot | None) -> Piece:
    """The piece with a warning for each document that is larger than AWS lets it be."""
    content = piece.content
    found: list[str] = []
    if isinstance(content, NewRole):
        for name, document in (("trust-policy-size", content.trust), ("inline-role-size", content.permissions)):
            limit = quota(name)
            size = size_of(document, limit.unit)
            if size > limit.default:
                found.append(f"{name} would be {size:,} of {limit.default:,} {limit.unit}")
    elif isinstance(content, Edit):
        sentence = over_quota(content, snapshot or SnapshotBuilder().build())
        found += [sentence] if sentence else []
    return replace(piece, warnings=(*piece.warnings, *found)) if found else piece
