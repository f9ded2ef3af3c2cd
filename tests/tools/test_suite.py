"""The sum of all tests: counted rightly, red when a part is red, and red when a test is skipped."""

import pytest

from tools import suite

OPTIONS = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null"]


def run(tmp_path, source):
    path = tmp_path / "test_one.py"
    path.write_text(source)
    return suite.run([*OPTIONS, f"--rootdir={tmp_path}", str(path)], {})


def test_counts_what_pytest_reports(tmp_path):
    source = (
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.fixture\ndef broken(): raise RuntimeError\n"
        "def test_error(broken): pass\n"
        "def test_skip(): pytest.skip('why')\n"
    )
    counts, code = run(tmp_path, source)
    assert counts == {"passed": 1, "failed": 2, "skipped": 1}
    assert code == 1


def test_a_part_that_does_not_start_is_no_success(tmp_path):
    counts, code = run(tmp_path, "import no_such_module")
    assert counts["passed"] == 0
    assert code != 0


@pytest.mark.parametrize(
    ("results", "code", "says"),
    [
        ([(9, 0, 0, 0), (1, 0, 0, 0)], 0, "10 passed, 0 failed"),
        ([(9, 0, 0, 0), (1, 1, 0, 1)], 1, "10 passed, 1 failed"),
        ([(9, 0, 1, 0), (1, 0, 0, 0)], 1, "1 skipped, but no test may be"),
        ([(9, 0, 0, 0), (0, 0, 0, 2)], 1, "pytest ended with 2"),
        ([(0, 0, 0, 0), (0, 0, 0, 0)], 1, "0 passed, 0 failed"),
    ],
    ids=["all good", "one bad", "one skipped", "a part that broke", "nothing ran"],
)
def test_the_end_is_green_only_when_everything_is(monkeypatch, capfd, results, code, says):
    answers = iter(results)

    def answer(options, environment):
        passed, failed, skipped, exit_code = next(answers)
        return {"passed": passed, "failed": failed, "skipped": skipped}, exit_code

    monkeypatch.setattr(suite, "build", lambda everything: "site")
    monkeypatch.setattr(suite, "parts", lambda site: [("a", [], {}), ("b", [], {})])
    monkeypatch.setattr(suite, "find_or_install", lambda: "/usr/bin/browser")
    monkeypatch.setattr(suite, "run", answer)
    assert suite.main([]) == code
    assert says in capfd.readouterr().out


def test_a_site_that_cannot_be_built_is_red_and_the_rest_runs(monkeypatch, capfd):
    def broken(everything):
        raise suite.BuildFailed("build: Jupyter Book ended with 1")

    ran = []
    monkeypatch.setattr(suite, "build", broken)
    monkeypatch.setattr(suite, "find_or_install", lambda: "/usr/bin/browser")
    monkeypatch.setattr(
        suite, "run", lambda options, _: (ran.append(options), ({"passed": 1, "failed": 0, "skipped": 0}, 0))[1]
    )
    assert suite.main([]) == 1
    assert "Jupyter Book ended with 1" in capfd.readouterr().out
    assert ran and not any(folder in options for options in ran for folder in suite.BROWSER)


def test_without_a_browser_nothing_runs(monkeypatch, capfd):
    def none():
        raise suite.NoBrowser("no browser: install one")

    monkeypatch.setattr(suite, "find_or_install", none)
    monkeypatch.setattr(suite, "run", None)
    assert suite.main([]) == 1
    assert "no browser: install one" in capfd.readouterr().err


def test_the_chapters_run_with_one_and_with_two_threads():
    chapters = [
        (options, environment) for name, options, environment in suite.parts(None) if name.startswith("chapters")
    ]
    assert [environment["OMP_NUM_THREADS"] for _, environment in chapters] == ["1", "2"]
    assert all("--nbval" in options for options, _ in chapters)
