"""Measures how long a large authorization-details file takes to load, and how much memory.

Run ``python benchmarks/snapshot_load.py [MEGABYTES]``. The bounds are 10 s and 1.5 GB for 100 MB. The file is made by
the script: roles and users with inline and attached policies, in the form in which the AWS CLI prints them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.locate import locate

ACCOUNT = "123456789012"
MAX_SECONDS = 10.0
MAX_GIGABYTES = 1.5


def document(number: int) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Jobs{number}",
                "Effect": "Allow",
                "Action": ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"],
                "Resource": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/team-{number}-*",
                "Condition": {"StringEquals": {"aws:RequestTag/team": f"team-{number}"}},
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": [f"arn:aws:s3:::data-{number}", f"arn:aws:s3:::data-{number}/*"],
            },
        ],
    }


def role(number: int, *, encoded: bool) -> dict[str, object]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    written = document(number)
    return {
        "Path": "/service-role/",
        "RoleName": f"role-{number}",
        "RoleId": f"AROA{number:012}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/service-role/role-{number}",
        "AssumeRolePolicyDocument": quote(json.dumps(trust)) if encoded else trust,
        "RolePolicyList": [
            {"PolicyName": "jobs", "PolicyDocument": quote(json.dumps(written)) if encoded else written}
        ],
        "AttachedManagedPolicies": [
            {
                "PolicyName": "AmazonSageMakerFullAccess",
                "PolicyArn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
            }
        ],
        "Tags": [{"Key": "team", "Value": f"team-{number}"}],
    }


def lines(megabytes: int, *, encoded: bool) -> Iterator[str]:
    yield '{\n    "UserDetailList": [],\n    "GroupDetailList": [],\n    "Policies": [],\n    "RoleDetailList": [\n'
    written, number = 0, 0
    while written < megabytes * 1_000_000:
        text = json.dumps(role(number, encoded=encoded), indent=4).replace("\n", "\n        ")
        text = f"{',' + chr(10) if number else ''}        {text}"
        written += len(text)
        number += 1
        yield text
    yield "\n    ]\n}\n"


def measure(path: str) -> None:
    """One load in a process of its own: seconds, peak memory, and the time to point at one policy."""
    start = time.perf_counter()
    snapshot = Snapshot.load(path)
    last = list(snapshot.identities(ACCOUNT).principals)[-1]  # type: ignore[union-attr]
    record = snapshot.principal(last)
    assert record is not None
    policy = record.identity.policies[0]
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    locate(policy.document.origin, ("Statement", 0, "Action", 1))
    shown = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    print(
        json.dumps(
            {"load_seconds": round(seconds, 2), "locate_seconds": round(shown, 2), "peak_gigabytes": round(peak, 2)}
        )
    )


def main() -> int:
    if len(sys.argv) > 2 and sys.argv[1] == "--measure":
        measure(sys.argv[2])
        return 0
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    met = True
    with tempfile.TemporaryDirectory() as folder:
        for encoded in (False, True):
            path = Path(folder, "get-account-authorization-details.json")
            with path.open("w", encoding="utf-8") as file:
                file.writelines(lines(megabytes, encoded=encoded))
            command = [sys.executable, __file__, "--measure", str(path)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            result = json.loads(answer)
            form = "URL-encoded documents" if encoded else "documents as JSON"
            size = path.stat().st_size / 1_000_000
            print(f"{size:.0f} MB, {form}: {answer.strip()}")
            met = met and result["load_seconds"] <= MAX_SECONDS and result["peak_gigabytes"] <= MAX_GIGABYTES
    print("within the bounds" if met else f"over the bounds of {MAX_SECONDS:.0f} s and {MAX_GIGABYTES} GB")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
