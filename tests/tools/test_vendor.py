"""What the page's own Python is made of: each file the one that its authors published, and credited."""

import zipfile

import pytest

from tools import vendor

PYODIDE = vendor.folder(f"pyodide@{vendor.PYODIDE}")


def test_every_file_is_the_one_that_was_vendored():
    assert vendor.SUMS.read_text(encoding="utf-8") == vendor.sums()


def test_every_wheel_is_the_one_that_pyodides_own_list_names():
    wanted = vendor.wheels(PYODIDE / vendor.LOCK)
    assert {path.name: vendor.sha256(path) for path in PYODIDE.glob("*.whl")} == wanted
    assert len(wanted) == len(vendor.PACKAGES)


def test_every_package_is_credited_and_carries_its_licence():
    credits = (vendor.VENDOR / "README.md").read_text(encoding="utf-8")
    for wheel in PYODIDE.glob("*.whl"):
        name, version = wheel.name.split("-")[:2]
        assert f"`{name}-{version.removesuffix('.post0')}`" in credits
        assert any("LICENSE" in entry for entry in zipfile.ZipFile(wheel).namelist())
    for package in vendor.FROM_NPM:
        assert f"`{vendor.folder(package).name}" in credits


def test_another_wheel_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    target = vendor.folder(f"pyodide@{vendor.PYODIDE}")
    target.mkdir(parents=True)
    (target / vendor.LOCK).write_bytes((PYODIDE / vendor.LOCK).read_bytes())
    for wheel in PYODIDE.glob("*.whl"):
        (tmp_path / wheel.name).write_bytes(wheel.read_bytes()[:-1] + b"!")
    with pytest.raises(vendor.Refused, match=r"numpy-2\.0\.2\S+ has the SHA-256 [0-9a-f]{64}, but pyodide-lock\.json"):
        vendor.fetch_wheels(tmp_path, target, vendor.wheels(target / vendor.LOCK))
    assert not list(target.glob("*.whl"))
    with pytest.raises(vendor.Refused, match=r"numpy-2\.0\.2\S+ is not in .*/nothing; name the folder"):
        vendor.fetch_wheels(tmp_path / "nothing", target, vendor.wheels(target / vendor.LOCK))
