"""Adds the data to a wheel of cnnlib, so that it works without the book. The rest is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = Path(__file__).resolve().parent / "data"
LEFT_OUT = ("fashion_mnist_10k.npz", "exam")  # as large as all the rest; read by the book alone


class WithData(build_py):
    """Copies data/ into the package but for what is left out; an editable installation reads data/ itself."""

    def run(self):
        super().run()
        if not self.editable_mode:
            brought = Path(self.build_lib, "cnnlib", "_data")
            shutil.copytree(DATA, brought, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)


setup(cmdclass={"build_py": WithData})
