"""Measures ``sagepass compare OLDSNAPSHOT NEWSNAPSHOT`` on whole accounts, from folders to the printed answer.

Run ``python benchmarks/compare.py [ROLES]``. Changes whose answer is itself large (a policy that everybody has, roles that are new)
are compared on a tenth of the roles. The accounts are those of ``benchmarks/bulk.py``, with trust policies and model package
groups. Each case is a folder of its own that differs from the first in one thing. Each comparison runs in a process of its own:
seconds are those that the processor worked for it, start of Python included; the memory is its peak. Ratios are to one load of one
folder with every document read, which is measured in the same way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from benchmarks.shared.worlds import ALLOW_ALL, BOUNDARY_POLICY, REGION, large_account, policy

Files = dict[str, object]
ROLES = 10_000
GROUPS = 20
_DETAILS = "accounts/111111111111/iam/get-account-authorization-details.json"
_OF_GROUP = "accounts/111111111111/" + REGION + "/sagemaker/get-model-package-group-policy/group-1.json"
_PEAK = """
import atexit, sys
atexit.register(lambda: sys.stderr.write(open("/proc/self/status").read()))
"""
_LOAD = """
from sagepass.snapshot.snapshot import Snapshot
for record in Snapshot.load(sys.argv[1]).principals():
    record.identity, record.boundary, record.trust
"""
_COMPARE = "from sagepass.fronts.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    seconds: float
    megabytes: float
    output: str


def accounts(roles: int) -> Files:
    """The files of the first snapshot."""
    builder = large_account(roles)
    for number in range(GROUPS):
        arn = f"arn:aws:sagemaker:{REGION}:111111111111:model-package-group/group-{number}"
        builder.resource_policy(arn, _shared(arn, "222222222222"))
    builder.answer("111111111111", "ram", "list-resources", {"resources": []}, region=REGION)
    files = builder.files()
    trust: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    for role in _roles(files):
        role["AssumeRolePolicyDocument"] = policy(trust)
    return deepcopy(files)


def _roles(files: Files) -> Iterator[dict[str, object]]:
    for path, value in files.items():
        if path.endswith(_DETAILS.rpartition("/")[2]):
            assert isinstance(value, dict)
            yield from value["RoleDetailList"]


def _shared(arn: str, account: str) -> dict[str, object]:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    action = "sagemaker:DescribeModelPackageGroup"
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn})


def nothing(_files: Files) -> None:
    """The same answers, saved again."""


def one_role(files: Files) -> None:
    """An inline policy of one role allows more."""
    role = next(_roles(files))
    role["RolePolicyList"][0]["PolicyDocument"] = policy(  # type: ignore[index]
        {"Effect": "Allow", "Action": ["sagemaker:*Model", "sagemaker:*TrainingJob"], "Resource": "*"}
    )


def one_boundary(files: Files) -> None:
    """A boundary that a fifth of the roles of one account have allows more."""
    _managed(files, "boundary-1", ALLOW_ALL)


def for_all(document: dict[str, object]) -> Callable[[Files], None]:
    """A managed policy on every role of all accounts."""

    def change(files: Files) -> None:
        """A customer managed policy that every role has allows more."""
        for path, value in files.items():
            if path.endswith("get-account-authorization-details.json"):
                account = path.split("/")[1]
                arn = f"arn:aws:iam::{account}:policy/for-all"
                version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
                value["Policies"].append({"PolicyName": "for-all", "Arn": arn, "PolicyVersionList": [version]})  # type: ignore[index]
                for role in value["RoleDetailList"]:  # type: ignore[index]
                    role["AttachedManagedPolicies"].append({"PolicyName": "for-all", "PolicyArn": arn})

    return change


def control(files: Files) -> None:
    """A service control policy of one account denies less."""
    for path, value in files.items():
        if "describe-policy/p-own-1-" in path:
            value["Policy"]["Content"] = json.dumps(ALLOW_ALL)  # type: ignore[index]


def resource_policy(files: Files) -> None:
    """The policy of a model package group lets another account in."""
    arn = f"arn:aws:sagemaker:{REGION}:111111111111:model-package-group/group-1"
    files[_OF_GROUP] = {"ResourcePolicy": json.dumps(_shared(arn, "333333333333"))}


def more_roles(files: Files) -> None:
    """Roles were added, one for every twenty."""
    for number, role in enumerate(list(_roles(files))[::20]):
        account = str(role["Arn"]).split(":")[4]
        new = deepcopy(role)
        new |= {
            "Arn": f"arn:aws:iam::{account}:role/new-{number}",
            "RoleName": f"new-{number}",
            "RoleId": f"AROANEW{number:09}",
        }
        files[f"accounts/{account}/iam/get-account-authorization-details.json"]["RoleDetailList"].append(new)  # type: ignore[index]


def _managed(files: Files, name: str, document: dict[str, object]) -> None:
    for policy_row in files[_DETAILS]["Policies"]:  # type: ignore[index]
        if policy_row["PolicyName"] == name:
            policy_row["PolicyVersionList"][0]["Document"] = document


CASES: dict[str, Callable[[Files], None]] = {
    "nothing changed": nothing,
    "a policy of one role": one_role,
    "a resource's policy": resource_policy,
    "a control policy": control,
}
LARGE: dict[str, Callable[[Files], None]] = {
    "a boundary": one_boundary,
    "a twentieth more roles": more_roles,
}
ON_ALL = "a policy of all roles"


def write(files: Files, folder: Path) -> Path:
    """Write a snapshot folder, as the AWS CLI prints answers."""
    for path, value in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(value, indent=4) + "\n", encoding="utf-8")
    return folder


def run(code: str, *arguments: str) -> Cost:
    """One process, from its start to its end."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as status:
        process = subprocess.Popen([sys.executable, "-c", _PEAK + code, *arguments], stdout=output, stderr=status)
        _, ended, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(ended)
        output.seek(0)
        status.seek(0)
        told = status.read()
        assert process.returncode in {0, 1, 3}, told
        peak = next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))
        return Cost(usage.ru_utime + usage.ru_stime, int(peak) / 1024, output.read())


def main() -> int:
    roles = int(sys.argv[1]) if len(sys.argv) > 1 else ROLES
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for count, cases in ((roles, CASES), (max(20, roles // 10), LARGE)):
            files = accounts(count)
            old = write(files, root / f"old-{count}")
            load = run(_LOAD, str(old))
            print(f"{count:,} roles: one load, every document read: {load.seconds:.2f} s, {load.megabytes:,.0f} MB")
            for name, change in cases.items():
                changed = deepcopy(files)
                change(changed)
                show(name, old, write(changed, root / f"{count}-{name}"), load)
        common, wider = deepcopy(files), deepcopy(files)
        for_all(policy({"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}))(common)
        for_all(BOUNDARY_POLICY)(wider)
        show(ON_ALL, write(common, root / "common"), write(wider, root / "wider"), load)
    return 0


def show(name: str, old: Path, new: Path, load: Cost) -> None:
    """Compare, and print what it took."""
    cost = run(_COMPARE, "compare", str(old), str(new), "--format", "concise")
    lines = cost.output.count("\n")
    print(
        f"{name:<24}{cost.seconds:8.2f} s {cost.seconds / load.seconds:6.1f} x a load {cost.megabytes:7,.0f} MB"
        f"  answer of {lines:,} lines",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
