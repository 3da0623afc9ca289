"""What an error text says, for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, DenialKind
from sagepass.render.page import DEFAULT_WIDTH, Page, unchanged

_COLUMN = 14
_FIELDS = (
    ("caller", "principal"),
    ("caller type", "principal_type"),
    ("account", "account"),
    ("action", "action"),
    ("action", "action_inferred"),
    ("resource", "resource"),
    ("denied by", "policy_type"),
    ("effect", "effect"),
    ("policy", "policy_arn"),
    ("API called", "operation"),
    ("Region", "region"),
    ("error code", "error_code"),
)


def render_denials(
    denials: Sequence[Denial],
    *,
    width: int = DEFAULT_WIDTH,
    color: bool = False,
    rewrite: Callable[[str], str] = unchanged,
) -> str:
    """All denials of a text, numbered if there are several."""
    page = Page(width=width, rewrite=rewrite)
    for number, denial in enumerate(denials, start=1):
        page.blank()
        _denial(page, denial, f"{number}. " if len(denials) > 1 else "")
    return page.render(color=color)


def kind_words(denial: Denial) -> str:
    """The kind of refusal as a sentence."""
    match denial.kind:
        case DenialKind.PASS_ROLE:
            return "denied: passing a role to a service"
        case DenialKind.ASSUME_ROLE:
            return "denied: assuming a role"
        case DenialKind.DATA_ACCESS:
            return "failed: data that the call needs could not be reached"
        case DenialKind.IAM_DENIAL:
            return "denied by IAM"
        case DenialKind.NOT_A_DENIAL:
            return f"not a permission problem: {str(denial.reason or 'other').replace('_', ' ')}"


def _denial(page: Page, denial: Denial, number: str) -> None:
    page.line((f"{number}{kind_words(denial)}", "bold"), hang=2)
    basis = dict(denial.basis)
    for label, name in _FIELDS:
        value = getattr(denial, name)
        if value is None or (name == "action_inferred" and denial.action is not None):
            continue
        _field(page, label, str(value), basis.get(name, ""))
    if denial.authorization_id is not None:
        _field(page, "authorization", "the text carries an authorization id (treat it like a secret)", "")
    if denial.encoded_message is not None:
        command = "aws sts decode-authorization-message --encoded-message"
        _field(page, "encoded", f"the text carries an encoded message; read it with: {command} ...", "")
    step = next_step(denial)
    if step:
        _field(page, "instead", step, "")


def _field(page: Page, label: str, value: str, basis: str) -> None:
    note = f" ({basis})" if basis else ""
    page.line((label.ljust(_COLUMN), "cyan"), value, (note, "dim"), indent=2, hang=_COLUMN)
