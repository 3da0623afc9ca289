"""What the gate costs: gate and emulation against the emulation alone, behind the same server.

The caller is a user with AmazonSageMakerFullAccess and a policy of its own. Both run in child processes of this one; requests are
signed beforehand and sent over one kept-alive connection, in turns, so that both see the same machine. A server has one
processor, so that its throughput is one over the processor time of a request: that figure is the one to trust where other
programs run as well. In CreateTrainingJob every call changes the state, and its policies and tags are read anew. Run it from the repository: ``PYTHONPATH=src python benchmarks/endpoint.py``
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TypeAlias

from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]

Signed: TypeAlias = tuple[str, str, bytes, dict[str, str]]
ROUNDS, REQUESTS = 8, 60
PROMISE = 0.25

GATED = """
import gc, sys, json
from sagepass.endpoint.endpoint import Endpoint, Setup
from sagepass.snapshot.build import SnapshotBuilder
user = "arn:aws:iam::123456789012:user/caller"
own = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}]}
full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
seed = SnapshotBuilder().principal(user, inline={"own": own}, managed=[full]).build()
e = Endpoint(Setup(seed=seed))
k = e.credentials_of(user)
gc.freeze()  # as the command does
print(json.dumps([e.port, k.access_key_id, k.secret]), flush=True)
sys.stdin.read()
"""
BARE = """
import sys, json
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from sagepass.endpoint.server import serve_on
s = serve_on("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app))
print(json.dumps([s.port, "AKIAIOSFODNN7EXAMPLE", "secret"]), flush=True)
import threading; threading.Thread(target=s.serve_forever, daemon=True).start()
sys.stdin.read()
"""


class Server:
    """A child process with one of the two, and a connection to it."""

    def __init__(self, code: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.port, key, secret = json.loads(self.process.stdout.readline())
        self.key = Credentials(key, secret)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def signed(self, service: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Signed:
        """A request with its signature."""
        request: Any = AWSRequest(method=method, url=f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers)
        SigV4Auth(self.key, service, "us-east-1").add_auth(request)
        return (method, path, body, dict(request.headers.items()))

    def send(self, signed: Signed) -> None:
        """Send it, and expect success."""
        method, path, body, headers = signed
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status == 200, content[:500]

    def milliseconds(self, signed: Signed) -> tuple[float, float]:
        """Wall-clock time and processor time of the server for one request."""
        start, used = time.perf_counter(), self.used()
        for _ in range(REQUESTS):
            self.send(signed)
        return (time.perf_counter() - start) * 1000 / REQUESTS, (self.used() - used) * 1000 / REQUESTS

    def used(self) -> float:
        """Seconds of processor time that the server has used (Linux; elsewhere nothing)."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def json_call(target: str, body: object) -> tuple[str, str, dict[str, str], bytes]:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    return "POST", "/", headers, json.dumps(body).encode()


def form(**values: str) -> tuple[str, str, dict[str, str], bytes]:
    body = "&".join(f"{name}={value}" for name, value in values.items()).encode()
    return "POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, body


JOB = {
    "TrainingJobName": "job",
    "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/exec",
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
OBJECT = {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
BEFORE = [
    ("iam", form(Action="CreateUser", Version="2010-05-08", UserName="user")),
    ("s3", ("PUT", "/bench-bucket", OBJECT, b"")),
    ("s3", ("PUT", "/bench-bucket/key", OBJECT, b"x" * 1024)),
]
CASES = {
    "iam GetUser": ("iam", form(Action="GetUser", Version="2010-05-08", UserName="user")),
    "s3 GetObject 1 KiB": ("s3", ("GET", "/bench-bucket/key", OBJECT, b"")),
    "sagemaker ListModels": ("sagemaker", json_call("SageMaker.ListModels", {})),
    "sagemaker CreateTrainingJob": ("sagemaker", json_call("SageMaker.CreateTrainingJob", JOB)),
}


def main() -> None:
    servers = {"bare": Server(BARE), "gated": Server(GATED)}
    try:
        for server in servers.values():
            for service, parts in BEFORE:
                server.send(server.signed(service, *parts))
        costs, by_work = [], []
        print(f"{'':28} {'bare':>9} {'gated':>9}  lost        {'bare':>9} {'gated':>9}  lost")
        print(f"{'':28} wall clock                       processor time of the server")
        for name, (service, parts) in CASES.items():
            times: dict[str, list[float]] = {"bare": [], "gated": []}
            work = {"bare": 0.0, "gated": 0.0}
            for _ in range(ROUNDS):
                for kind, server in servers.items():
                    wall, used = server.milliseconds(server.signed(service, *parts))
                    times[kind].append(wall)
                    work[kind] += used / ROUNDS
            bare, gated = (statistics.median(times[kind]) for kind in ("bare", "gated"))
            costs.append(1 - bare / gated)
            by_work.append(1 - work["bare"] / work["gated"] if work["gated"] else 0.0)
            print(
                f"{name:28} {bare:6.2f} ms {gated:6.2f} ms  {costs[-1]:6.1%}      "
                f"{work['bare']:6.2f} ms {work['gated']:6.2f} ms  {by_work[-1]:6.1%}"
            )
        mean, mean_work = statistics.mean(costs), statistics.mean(by_work)
        print(f"{'mean':28} {'':20} {mean:6.1%}      {'':20} {mean_work:6.1%}  (promised: less than {PROMISE:.0%})")
    finally:
        for server in servers.values():
            server.process.kill()


if __name__ == "__main__":
    main()
