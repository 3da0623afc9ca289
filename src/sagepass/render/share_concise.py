"""A plan in lines: one for each document, for each stranger who is not kept out and for what is open; the verdict last."""

from __future__ import annotations

from sagepass.jobs.share.report import ShareReport
from sagepass.jobs.share.trials import blocked_reasons
from sagepass.proof.verdict import Verdict
from sagepass.render.share import share_headline
from sagepass.render.share_proof import failure_words
from sagepass.source.terminal import printable


def render_share_concise(report: ShareReport) -> str:
    """``CODE: sentence``, and ``document NUMBER: where: title``."""
    lines = [
        f"document {number}: {piece.side}{f' (account {piece.account})' if piece.account else ''}: {piece.title}"
        for number, piece in enumerate(report.plan.pieces, start=1)
    ]
    lines += [f"SHARE_BLOCKED: {reason}" for reason in blocked_reasons(report.trial.blocked)]
    for trial in report.strangers:
        step = trial.telling
        if trial.kept_out or step is None:
            continue
        code, words = ("SHARE_TOO_OPEN", "gets in") if trial.let_in else ("CANNOT_DETERMINE", "may get in")
        why = f"{step.opened_by} allows {step.request.action}" if step.let_in_by_owner else step.reason
        lines.append(f"{code}: {trial.label} {words}: {why}")
    lines += [
        f"{proof.answer.verdict}: {failure_words(proof)}"
        for proof in report.proofs
        if proof.answer.verdict is not Verdict.PROVEN
    ]
    lines += [f"CANNOT_DETERMINE: it depends on {item}" for item in report.depends_on]
    lines.append(f"{report.verdict}: {share_headline(report)}")
    return "".join(printable(line, one_line=True) + "\n" for line in lines)
