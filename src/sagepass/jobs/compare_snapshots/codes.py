"""The codes of a comparison of two snapshots."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_LINKS = (_GUIDE + "reference_policies_evaluation-logic.html",)

CODES = (
    CodeDoc(
        code="GAINED",
        summary="compare: somebody can do now what was denied before",
        body=(
            "With the old snapshot the request is denied for certain, with the new one it is allowed for certain. The answer names "
            "the statement that allows it now and the check that stopped it before. `sagepass can` with the new snapshot shows the "
            "whole decision."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="MAY_GAIN",
        summary="compare: somebody may be able to do more than before",
        body=(
            "The request is likelier to pass than before, but before or now it depends on something that the snapshots do not tell: "
            "a condition on the request, or a policy that was not saved. It counts as a gain until that is settled; save what is "
            "missing in both snapshots and compare again."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="OPEN",
        summary="compare: an access depends on something else than before",
        body=(
            "It depended on something unknown before, and depends on something else now, so that neither snapshot can be said to "
            "allow more. It may be a gain: compare the conditions that stand with it."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="LOST",
        summary="compare: somebody can no longer do what was allowed before",
        body=(
            "With the old snapshot the request is allowed for certain, with the new one it is denied for certain. The answer names the "
            "statement that allowed it and the check that stops it now. A loss never makes the comparison fail."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="MAY_LOSE",
        summary="compare: somebody may no longer be able to do what was allowed before",
        body=(
            "The request is less likely to pass than before, but before or now it depends on something that the snapshots do not "
            "tell: a condition on the request, or a policy that was not saved."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="NOTHING_GAINED",
        summary="compare: nobody can do more than before",
        body="Of all requests that were compared none is likelier to pass than before. What was not compared stands with the answer.",
        links=_LINKS,
    ),
    CodeDoc(
        code="UNDECIDED",
        summary="compare: nothing was gained for certain, but something may have been",
        body=(
            "No request went from a certain denial to a certain allow. Some depend on what the snapshots do not tell, or an account is "
            "in one snapshot only; each is listed with what would settle it."
        ),
        links=_LINKS,
    ),
)
