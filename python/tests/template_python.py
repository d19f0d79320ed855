"""Pythons that have CloudBlue's client, as PyPI has it: one of the template's day, and today's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "target"
#: What projects validate drafts with. The tests in Rust read the same file.
FLASK = ["-r", str(Path(__file__).with_name("flask.txt"))]

#: What is installed, one list after the other. The first client's own pins have no wheels for the
#: Pythons of today. `inflect` takes more than a second to import since it checks its types.
CLIENTS = {
    "21": [
        ["--no-deps", "connect-openapi-client==21.0.9"],
        ["connect-markdown-renderer==2.0.1", "PyYAML", "inflect<6", "requests", "setuptools<81"],
        ["openpyxl==3.1.5"],
        FLASK,
    ],
    "35": [
        ["--no-deps", "connect-openapi-client==35.0"],
        ["connect-markdown-renderer==3.0.0", "PyYAML", "asgiref<4", "inflect<6"],
        ["requests", "httpx", "openpyxl==3.1.5"],
        FLASK,
    ],
}


def python(version: str) -> str:
    """Returns a Python with a version of the client, in an environment that is made for it."""
    folder = TARGET / f"python-template-{version}"
    path, done = folder / "bin" / "python", folder / "installed"
    wanted = repr(CLIENTS[version]) + Path(FLASK[1]).read_text()
    if not done.is_file() or done.read_text() != wanted:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        for packages in CLIENTS[version]:
            _run(str(path), "-m", "pip", "install", "--quiet", *packages)
        done.write_text(wanted)
    return str(path)


def _run(*words: str) -> None:
    ended = subprocess.run(words, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
