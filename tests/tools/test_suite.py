"""The sum of all tests: counted rightly, red when a part is red, and red when a test is skipped."""

import pytest

from tools import suite

OPTIONS = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null"]


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """Whatever the run that these tests belong to was asked for."""
    monkeypatch.delenv("PART", raising=False)
    monkeypatch.delenv("LONG", raising=False)


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


@pytest.fixture
def stand_in(monkeypatch):
    """No site is built and no test run: `stand_in(answers)` gives the list of what would have been run."""

    def stand_in(*answers):
        asked, answers = [], iter(answers)

        def answer(options, environment):
            asked.append((options, environment))
            passed, failed, skipped, code = next(answers, (1, 0, 0, 0))
            return {"passed": passed, "failed": failed, "skipped": skipped}, code

        monkeypatch.setattr(suite, "build", lambda everything: "site")
        monkeypatch.setattr(suite, "find_or_install", lambda: "/usr/bin/browser")
        monkeypatch.setattr(suite, "find_or_install_firefox", lambda: "/usr/bin/firefox")
        monkeypatch.setattr(suite, "run", answer)
        return asked

    return stand_in


@pytest.mark.parametrize(
    ("results", "code", "says"),
    [
        ([(9, 0, 0, 0), (1, 0, 0, 0)], 0, "10 passed, 0 failed"),
        ([(9, 0, 0, 0), (1, 1, 0, 1)], 1, "10 passed, 1 failed"),
        ([(9, 0, 1, 0), (1, 0, 0, 0)], 1, "1 skipped, but no test may be"),
        ([(9, 0, 0, 0), (0, 0, 0, 2)], 1, "pytest ended with 2"),
        ([(0, 0, 0, 0), (0, 0, 0, 0)], 1, "0 passed, 0 failed"),
    ],
    ids=["all good", "one bad", "one skipped", "a run that broke", "nothing ran"],
)
def test_the_end_is_green_only_when_everything_is(stand_in, monkeypatch, capfd, results, code, says):
    stand_in(*results)
    monkeypatch.setenv("PART", "chapters")  # two runs
    assert suite.main([]) == code
    assert says in capfd.readouterr().out


def folders(asked):
    return [option for options, _ in asked for option in options if option.startswith(("tests/", "chapters"))]


def test_every_test_belongs_to_one_part(stand_in):
    """The package's part is all of tests/ but the folders that the other parts run."""
    asked = stand_in()
    assert suite.main([]) == 0
    assert folders(asked) == ["tests/chapters", "chapters", "tests/site", "tests/explore"]
    ignored = {option.removeprefix("--ignore=") for option in asked[0][0] if option.startswith("--ignore=")}
    assert ignored == set(folders(asked)) - {"chapters"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("package", []),
        ("chapters", ["tests/chapters", "chapters"]),
        ("site", ["tests/site"]),
        ("explorers", ["tests/explore"]),
    ],
)
def test_one_part_runs_alone_and_needs_a_browser_only_for_pages(stand_in, monkeypatch, part, expected):
    asked = stand_in()
    monkeypatch.setenv("PART", part)
    if part not in suite.IN_A_BROWSER:
        monkeypatch.setattr(suite, "find_or_install", None)
        monkeypatch.setattr(suite, "build", None)
    assert suite.main(["-x"]) == 0
    assert folders(asked) == expected
    assert all(options[-1] == "-x" for options, _ in asked)


def test_a_part_that_is_none_is_refused(stand_in, monkeypatch, capfd):
    asked = stand_in()
    monkeypatch.setenv("PART", "chapter")
    assert suite.main([]) == 1 and asked == []
    assert "PART='chapter' is no part; give one of package, chapters, site, explorers" in capfd.readouterr().err


def test_the_chapters_run_at_one_thread_and_at_two_and_nbval_at_both_in_the_long_form(stand_in, monkeypatch):
    asked = stand_in()
    monkeypatch.setenv("PART", "chapters")
    suite.main([])
    monkeypatch.setenv("LONG", "1")
    suite.main([])
    found = [("--nbval" in options, environment["OMP_NUM_THREADS"]) for options, environment in asked]
    assert found == [(False, "1"), (True, "2"), (False, "1"), (True, "2"), (True, "1")]


def test_only_the_chapters_text_is_compared_at_two_threads(stand_in):
    """Threads of tests that share a machine with browsers would wait for one another."""
    asked = stand_in()
    suite.main([])
    two = [folders([one]) for one in asked if one[1]["OMP_NUM_THREADS"] != "1"]
    assert len(asked) == 5 and two == [["chapters"]]


def test_a_site_that_cannot_be_built_is_red_and_the_rest_runs(stand_in, monkeypatch, capfd):
    def broken(everything):
        raise suite.BuildFailed("build: Jupyter Book ended with 1")

    asked = stand_in()
    monkeypatch.setattr(suite, "build", broken)
    assert suite.main([]) == 1
    assert "Jupyter Book ended with 1" in capfd.readouterr().out
    assert folders(asked) == ["tests/chapters", "chapters"]


def test_without_a_browser_nothing_runs(stand_in, monkeypatch, capfd):
    def none():
        raise suite.NoBrowser("no browser: install one")

    asked = stand_in()
    monkeypatch.setattr(suite, "find_or_install", none)
    assert suite.main([]) == 1 and asked == []
    assert "no browser: install one" in capfd.readouterr().err
