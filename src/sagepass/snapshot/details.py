"""Keeps the identities of each account, read when the account is first asked about."""

from __future__ import annotations

from functools import cached_property

from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.authorization_details import accounts_of, is_details, read_details
from sagepass.snapshot.folder import DETAILS
from sagepass.snapshot.identities import Identities
from sagepass.source.finding import Finding, Severity


class AccountDetails:
    """The answers of ``get-account-authorization-details`` of all accounts."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._read: dict[str, Identities | None] = {}

    @cached_property
    def _unplaced(self) -> dict[str, list[Answer]]:
        """Answers that lie under no account, by the account that their ARNs name."""
        found: dict[str, list[Answer]] = {}
        for answer in self._answers.of("", "iam", DETAILS):
            for account in accounts_of(answer):
                found.setdefault(account, []).append(answer)
        return found

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that have any answer, sorted."""
        return tuple(sorted({*self._answers.accounts, *self._unplaced}))

    def answers_of(self, account: str) -> list[Answer]:
        """The pages about one account, in order."""
        return [*self._answers.of(account, "iam", DETAILS), *self._unplaced.get(account, [])]

    def identities(self, account: str) -> Identities | None:
        """Users, groups, roles and policies of an account; ``None`` if nothing usable was collected."""
        if account not in self._read:
            answers = [answer for answer in self.answers_of(account) if is_details(answer.value)]
            versions = self._answers.of(account, "iam", "get-policy-version")
            self._read[account] = read_details(account, answers, versions) if answers else None
        return self._read[account]

    def findings(self) -> list[Finding]:
        """What is wrong with the answers of all accounts."""
        found: list[Finding] = []
        for account in self.accounts:
            identities = self.identities(account)
            found += identities.findings if identities else ()
            found += [_no_details(answer) for answer in self.answers_of(account) if _wrong(answer)]
        found += [_no_details(answer) for answer in self._answers.of("", "iam", DETAILS) if _wrong(answer)]
        return found


def _wrong(answer: Answer) -> bool:
    return answer.error is None and not is_details(answer.value)


def _no_details(answer: Answer) -> Finding:
    refusal = answer.refusal
    message = f"AWS answered {refusal.code}" if refusal else "the file holds no authorization details"
    return Finding(
        code="SNAPSHOT_NO_DETAILS",
        severity=Severity.ERROR,
        message=message,
        remedy="save the output of aws iam get-account-authorization-details --output json, run with iam:GetAccountAuthorizationDetails allowed",
        document=answer.label,
    )
