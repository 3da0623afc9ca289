"""Evidence: error texts, events and answers of AWS that tell of a denial, read into one record."""

from sagepass.denial.json_form import denial_to_json
from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, DenialKind, OtherError, PrincipalType
from sagepass.denial.stream import iter_denials, read_denials
from sagepass.denial.wording_write import message_of, write_message

__all__ = [
    "Denial",
    "DenialKind",
    "OtherError",
    "PrincipalType",
    "denial_to_json",
    "iter_denials",
    "message_of",
    "next_step",
    "read_denials",
    "write_message",
]
