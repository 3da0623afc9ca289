"""Evidence: error texts, events and answers of AWS that tell of a denial, read into one record."""

from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, DenialKind, OtherError, PrincipalType
from sagepass.denial.stream import iter_denials, read_denials

__all__ = ["Denial", "DenialKind", "OtherError", "PrincipalType", "iter_denials", "next_step", "read_denials"]
