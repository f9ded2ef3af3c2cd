"""The workflows on GitHub, which run nowhere else: the README's commands part by part, and the site as an artifact."""

import json
import re
import tomllib

import pytest
import yaml

from tools import OLDEST
from tools.__main__ import COMMANDS
from tools.environment import ROOT
from tools.suite import PARTS

FOLDER = ROOT / ".github/workflows"
BINDER = ROOT / "binder"

# What each action takes, as its own documentation lists it; any other key would be passed over with a warning.
INPUTS = {
    "actions/checkout@v4": {"fetch-depth", "ref", "persist-credentials"},
    "actions/setup-python@v5": {"python-version", "python-version-file", "cache", "cache-dependency-path"},
    "actions/upload-artifact@v4": {"name", "path", "if-no-files-found", "retention-days", "compression-level"},
    "actions/upload-pages-artifact@v3": {"name", "path", "retention-days"},
    "actions/deploy-pages@v4": {"token", "timeout", "error_count", "reporting_interval", "artifact_name", "preview"},
}
JOB = {"name", "runs-on", "needs", "if", "permissions", "timeout-minutes", "env", "steps", "strategy", "environment"}
STEP = {"name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory"}


@pytest.fixture(scope="module")
def workflow():
    """What runs on every change."""
    return read("book.yml")


@pytest.fixture(scope="module", params=["book.yml", "nightly.yml"])
def each(request):
    return read(request.param)


def read(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def test_no_workflow_is_left_out():
    assert {path.name for path in FOLDER.iterdir()} == {"book.yml", "nightly.yml"}


def steps(workflow):
    return [(name, step) for name, job in workflow["jobs"].items() for step in job["steps"]]


def commands(workflow, job):
    return [step["run"] for name, step in steps(workflow) if name == job and "run" in step]


def test_it_is_written_as_github_reads_it(each):
    assert set(each) <= {"name", True, "permissions", "jobs", "env", "concurrency"}  # YAML reads `on` as true
    assert {"push", "pull_request"} <= set(each[True]) or "schedule" in each[True]
    for job in each["jobs"].values():
        assert set(job) <= JOB and {"runs-on", "steps"} <= set(job)
    for _, step in steps(each):
        assert set(step) <= STEP and len({"uses", "run"} & set(step)) == 1
        if "uses" in step:
            assert set(step.get("with", {})) <= INPUTS[step["uses"]], step["uses"]


def test_every_job_has_the_files_and_the_python_first(each):
    for name, job in each["jobs"].items():
        if name == "publish":  # it takes what another job has uploaded
            continue
        assert [step.get("uses", "").split("@")[0] for step in job["steps"][:2]] == [
            "actions/checkout",
            "actions/setup-python",
        ]
        python = job["steps"][1]["with"]
        assert python["python-version"] in ("3.11", "${{ matrix.python }}")
        patterns = python["cache-dependency-path"].split()
        assert patterns and all(list(ROOT.glob(pattern)) for pattern in patterns)


def test_it_runs_what_a_change_must_pass(workflow):
    """What the one script does on one machine, which calls the README's command for tests and the linter."""
    assert commands(workflow, "lint") == ["make lint"]
    assert commands(workflow, "test") == ["make test PART=${{ matrix.part }}"]
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    called = re.findall(r"^make (\w+)", script, re.MULTILINE)
    assert called == ["lint", "test"] and set(called) <= set(COMMANDS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^\| `make test` \| runs every test there is", readme, re.MULTILINE)


def test_every_part_has_a_job_with_each_python(workflow):
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["part"] == list(PARTS)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = [line.rpartition(" ")[2] for line in project["classifiers"] if line.startswith("Programming Language")]
    assert matrix["python"] == told and tuple(map(int, told[0].split("."))) == OLDEST
    assert read("nightly.yml")["jobs"]["test"]["strategy"]["matrix"] == {"part": list(PARTS)}


def test_the_long_form_runs_every_night():
    nightly = read("nightly.yml")
    assert re.fullmatch(r"\d+ \d+ \* \* \*", nightly[True]["schedule"][0]["cron"])
    assert commands(nightly, "test") == ["make test LONG=1 PART=${{ matrix.part }}"]


def test_it_builds_the_site_and_keeps_it(workflow):
    assert commands(workflow, "site") == ["make zip", "make class"]
    kept = {
        step["with"]["name"]: step["with"]
        for step in workflow["jobs"]["site"]["steps"]
        if "name" in step.get("with", {})
    }
    assert kept["site"]["path"] == "_build/*.zip" and kept["class"]["path"] == "_build/class"
    assert all(each["if-no-files-found"] == "error" for each in kept.values())
    assert "`_build/html/index.html`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_publishes_what_passed_and_only_where_it_is_wanted(workflow):
    """As the documentation of deploy-pages asks: two permissions, its environment, an artifact made before."""
    publish = workflow["jobs"]["publish"]
    assert set(publish["needs"]) == set(workflow["jobs"]) - {"publish"}
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert publish["environment"]["name"] == "github-pages"
    *_, handed = workflow["jobs"]["site"]["steps"]
    assert handed["uses"].startswith("actions/upload-pages-artifact@") and handed["with"] == {"path": "_build/html"}
    assert handed["if"] == publish["if"] == "github.ref == 'refs/heads/main' && vars.PAGES == 'on'"
    (step,) = publish["steps"]
    assert f"steps.{step['id']}.outputs.page_url" in publish["environment"]["url"]


def test_binder_gets_a_python_that_the_package_takes():
    """repo2docker reads the folder binder/ and nothing else of its kind."""
    asked = re.fullmatch(r"python-(\d+)\.(\d+)\n", (BINDER / "runtime.txt").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = tuple(map(int, re.fullmatch(r">=(\d+)\.(\d+)", project["requires-python"]).groups()))
    assert tuple(map(int, asked.groups())) >= least == OLDEST
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert f"Python {asked[1]}.{asked[2]}" in pinned.splitlines()[0]
    assert "-r ../requirements.txt\n" in (BINDER / "requirements.txt").read_text(encoding="utf-8")
    assert "jupyterlab==" in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_binder_writes_the_editions_that_its_links_open():
    script = BINDER / "postBuild"
    assert script.stat().st_mode & 0o111 and "\npython -m tools.editions\n" in script.read_text(encoding="utf-8")
    guide = (ROOT / "docs/class.md").read_text(encoding="utf-8")
    assert "lab/tree/_build/class/students/" in guide


def test_the_hub_gives_a_student_what_was_measured():
    values = yaml.safe_load((BINDER / "values.yaml").read_text(encoding="utf-8"))
    memory = values["singleuser"]["memory"]
    guide = (ROOT / "docs/class.md").read_text(encoding="utf-8")
    assert f"`guarantee: {memory['guarantee']}`" in guide and f"`limit: {memory['limit']}`" in guide
    costs = json.loads((ROOT / "data/results/chapter_costs.json").read_text(encoding="utf-8"))
    server = 150  # MB, the largest single-user server of the trial in docs/class.md
    assert max(cost["peak_mb"] for cost in costs.values()) + server < 1000 * float(memory["limit"].removesuffix("G"))
