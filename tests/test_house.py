"""The house itself: what is promised of the repository as a whole, held by a test."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sagepass

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("core", "build", "dev", "sdk")
HEAVY = ("boto3", "botocore", "numpy", "moto", "werkzeug", "cvc5", "cryptography", "ruamel", "http.server", "asyncio")
EXAMPLES = sorted((ROOT / "examples").glob("*/*.txt"))
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|root|tmp|home)/\w")


def requirements(name: str) -> set[str]:
    """The requirement lines of ``requirements/<name>.in``, without comments and options."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def locked(name: str) -> dict[str, str]:
    """Package name to version, as ``requirements/<name>.txt`` locks them."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


def tracked_texts() -> list[Path]:
    """Every text file of the project but its published data and its labelled cases."""
    suffixes = {".py", ".md", ".toml", ".in", ".sh", ".txt", ".json"}
    rooms = ("src", "tests", "support", "benchmarks", "docs", "decisions", "examples", "requirements")
    files = [*ROOT.glob("*"), *(file for room in rooms for file in (ROOT / room).rglob("*"))]
    return [file for file in files if file.is_file() and file.suffix in suffixes and "data" not in file.parts]


def test_the_locks_are_made_from_what_the_package_declares() -> None:
    """The .in files and pyproject.toml name the same packages with the same ranges."""
    assert requirements("core") == set(PROJECT["project"]["dependencies"])
    assert requirements("extras") == {
        line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra
    }
    assert requirements("build") == {*PROJECT["build-system"]["requires"], "editables>=0.5"}
    assert requirements("dev") == set(PROJECT["dependency-groups"]["dev"])


def test_all_locks_hold_the_same_versions() -> None:
    """What is tested is what a user gets: every package of the other locks stands in the dev lock at that version."""
    for name in ("core", "build"):
        assert locked(name)
        assert locked(name).items() <= locked("dev").items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_no_address(name: str) -> None:
    """Each locked package has a hash; no line names an index, a host or a directory of one machine."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=[a-z0-9-]+==)", text)[1:]
    assert len(blocks) == len(locked(name))
    assert all("--hash=sha256:" in block for block in blocks)
    options = set(re.findall(r"--[a-z][a-z-]*", text))
    assert options == {"--hash"}
    assert "://" not in text
    assert "/" not in text.replace("\n", " ")


def test_the_locked_versions_are_in_the_declared_ranges() -> None:
    """A lock is renewed when a range moves: the lowest version of each range is not above the locked one."""
    for line in {line for name in ("core", "build", "extras", "dev") for line in requirements(name)}:
        declared = re.fullmatch(r"([a-z0-9.-]+)>=([\d.]+)(?:,<\d[\d.]*)?", line)
        assert declared, line
        name, lowest = declared.groups()
        version = tuple(int(part) for part in locked("dev")[name.replace(".", "-")].split("."))
        assert version >= tuple(int(part) for part in lowest.split(".")), line


def test_importing_the_package_loads_nothing_heavy() -> None:
    """``import sagepass`` is cheap: no AWS SDK, no numerics, no server comes with it."""
    listing = subprocess.run(
        [sys.executable, "-c", "import sagepass, sys; print('\\n'.join(sys.modules))"],
        cwd=ROOT / "src",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "sagepass" in listing.split()
    assert not {name for name in listing.split() if name in HEAVY}


def test_explaining_an_error_loads_nothing_heavy() -> None:
    """``sagepass why`` on a saved error and snapshot is cheap as well: nothing is loaded that it does not need."""
    example = ROOT / "examples" / "describe-training-job"
    script = (
        "import sys; from sagepass.fronts.cli.main import run; "
        f"run(['why', {str(example / 'error.txt')!r}, '--snapshot', {str(example / 'snapshot')!r}]); "
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )
    assert "DescribeTrainingJob" in answer.stdout
    loaded = set(answer.stderr.split())
    assert "sagepass.jobs.diagnose" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_no_file_names_a_place_on_one_machine() -> None:
    """Nothing in the project depends on, or speaks of, a directory of the machine it was written on."""
    texts = tracked_texts()
    assert len(texts) > 100
    named = [file.relative_to(ROOT) for file in texts if MACHINE_PATH.search(file.read_text(encoding="utf-8"))]
    assert named == []


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link in a document names a file or folder of the project."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked_texts()
        if page.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.relative_to(ROOT / "examples")))
def test_an_example_is_one_error_and_a_sound_snapshot(example: Path) -> None:
    """Each error of the examples is read as exactly one, and the accounts beside it load without a finding."""
    (denial,) = sagepass.read_denials(example.read_text(encoding="utf-8"))
    assert (denial.kind.value == "not_a_denial") == (example.name == "not-found.txt")
    assert sagepass.Snapshot.load(example.parent / "snapshot").findings == ()


def test_the_examples_keep_the_error_letter_for_letter() -> None:
    """The line break and the twelve spaces of the copied error are still there."""
    text = (ROOT / "examples" / "describe-training-job" / "error.txt").read_text(encoding="utf-8")
    assert text == (
        "User: arn:aws:iam::123456789012:user/mateojackson is not\n"
        "            authorized to perform: sagemaker:DescribeTrainingJob on resource: my-example-widget\n"
    )
