"""The commands: where each lies, what it does in one line, and how it is called."""

from __future__ import annotations

from dataclasses import dataclass

_ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/churn"
_GROUP = "arn:aws:sagemaker:us-east-1:123456789012:model-package-group/churn"
_USER = "arn:aws:iam::123456789012:user/mateojackson"
EXIT_CODES = (
    "Exit codes: 0 fine, 1 denied or findings, 2 usage, 3 cannot determine,\n4 credentials, 5 error in sagepass."
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        place: module and function below this package; it is imported when the command is called.
        arguments: what it cannot do without.
        summary: one line.
        examples: calls as they are typed, each in lines of a narrow terminal.
    """

    place: str
    arguments: str
    summary: str
    examples: tuple[str, ...]

    def usage(self, name: str) -> str:
        """The line that says how it is called."""
        return " ".join(f"Usage: sagepass {name} [OPTIONS] {self.arguments}".split())

    @property
    def epilogue(self) -> str:
        """What stands below the options: the examples, and what the exit codes mean."""
        title = "Example:" if len(self.examples) == 1 else "Examples:"
        return "\n\n".join((title, *(f"  {example}" for example in self.examples), EXIT_CODES))


COMMANDS = {
    "read": Command(
        "read:read",
        "ERROR",
        "Read the denials out of an error text, without any policy.",
        ("sagepass read error.txt --format json",),
    ),
    "why": Command(
        "why:why",
        "ERROR",
        "Say why a request was denied, and which change lets it in.",
        (
            "sagepass why error.txt",
            "sagepass why error.txt --snapshot account.json",
            "sagepass why error.txt --handoff > note-to-the-administrator.txt",
        ),
    ),
    "can": Command(
        "can:can",
        "PRINCIPAL ACTION RESOURCE --snapshot PATH",
        "Decide whether a principal may perform an action on a resource.",
        (f'sagepass can {_USER} \\\n    sagemaker:ListModels "*" --snapshot account.json',),
    ),
    "preflight": Command(
        "preflight:preflight",
        "FILE... --snapshot PATH",
        "List everything a call takes, from everybody involved, before it is made.",
        (
            f"sagepass preflight job.json --snapshot account.json \\\n    --as {_USER}",
            "sagepass preflight job.json --snapshot account.json --write-role Train",
        ),
    ),
    "who-can": Command(
        "who_can:who_can",
        "ACTION RESOURCE... --snapshot PATH",
        "List everyone who can perform an action on a resource.",
        (f"sagepass who-can sagemaker:InvokeEndpoint \\\n    {_ENDPOINT} \\\n    --snapshot account.json",),
    ),
    "can-what": Command(
        "can_what:can_what",
        "PRINCIPAL --snapshot PATH",
        "Show everything that a principal can do.",
        (f"sagepass can-what {_USER} \\\n    --snapshot account.json",),
    ),
    "compare": Command(
        "compare:compare",
        "OLD NEW",
        "Prove that a policy allows nothing new, or show what it allows.",
        (
            "sagepass compare old.json new.json",
            "sagepass compare policy.json --not-granted iam:PassRole",
            "sagepass compare snapshot-before/ snapshot-after/",
        ),
    ),
    "public": Command(
        "public:public",
        "POLICY",
        "Prove that nobody outside can use a policy, or show who can.",
        ("sagepass public bucket-policy.json --account 123456789012",),
    ),
    "check": Command(
        "check:check",
        "PATHS...",
        "Say what statements of policies do not do, or do too well.",
        ("sagepass check policies/", "sagepass check account.json --format sarif > sagepass.sarif"),
    ),
    "explain": Command(
        "explain:explain",
        "[CODE | TOPIC [SUBJECT]]",
        "Explain a code that stands in an answer, or a topic.",
        ("sagepass explain PRINCIPAL_IMPLICIT_DENY", "sagepass explain sharing endpoint"),
    ),
    "share": Command(
        "share:share",
        "RESOURCE --with WHO",
        "Plan how somebody outside the account gets in, and nobody else.",
        (f"sagepass share {_GROUP} \\\n    --with third-party:222233334444 --snapshot account.json",),
    ),
    "serve": Command(
        "serve:serve",
        "",
        "Run a local AWS endpoint that enforces IAM.",
        ("sagepass serve --seed account.json",),
    ),
    "test": Command(
        "access_test:run_tests",
        "FILES...",
        "Run a team's own expectations about its policies.",
        ("sagepass test cases.json",),
    ),
}
SNAPSHOT_CHECK = Command(
    "snapshot_check:check",
    "PATH",
    "Say what a snapshot lacks, what that costs, and which command supplies it.",
    ("sagepass snapshot check account.json",),
)
