"""Projects that cannot be run say why, and where."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from runtime import PATIENCE, SOURCE
from template_project import RESUME, write
from template_python import python
from template_stand import Stand
from test_template import BOTH, DECIDED


def run(folder: Path, version: str = "35", **env: str) -> str:
    """Starts a worker that cannot start. Returns what it says."""
    own = {"PYTHONPATH": str(SOURCE), "CONNECT_CHANNEL": "socket", "PYTHONHASHSEED": "0"}
    env = {**os.environ, **own, **env}
    words = [python(version), "-m", "connect_handlers.template", str(folder)]
    nothing = subprocess.DEVNULL
    ended = subprocess.run(
        words, stdin=nothing, capture_output=True, env=env, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    # Nothing but one line that is to be read.
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", "http://127.0.0.1:1", resume=RESUME)


APP = "connect_processor/app"


@BOTH
@pytest.mark.parametrize("package", ["examples.shop.connect_processor", "other"])
def test_a_package_of_another_name_is_found_by_its_imports(stand: Stand, package: str) -> None:
    write(stand.folder, stand.vendor.url, package=package, resume=RESUME)
    stand.folder = stand.folder.joinpath(*package.split(".")[:-1])
    assert stand.handle() == DECIDED


def test_a_package_that_was_moved_is_found_by_its_imports(stand: Stand) -> None:
    write(stand.folder, stand.vendor.url, package="examples.shop.connect_processor", resume=RESUME)
    moved = stand.folder / "examples" / "shop" / "connect_processor"
    stand.folder = moved.rename(stand.folder / "mine")
    assert stand.handle() == DECIDED


def test_a_class_of_another_name_without_staticmethod_is_called_by_its_class(stand: Stand) -> None:
    stand.resume(RESUME)
    file = stand.folder / APP / "resume.py"
    text = file.read_text().replace("@staticmethod", "").replace("class Resume", "class Again")
    file.write_text(text)
    assert stand.handle() == DECIDED


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("processor.py", "has no processor.py, nor has a folder in it: a folder with processor.py"),
        ("config.json", "connect_processor has no config.json"),
        ("app/resume.py", "has none of purchase.py, change.py"),
    ],
)
def test_a_part_that_is_missing_is_named(project: Path, broken: str, words: str) -> None:
    (project / "connect_processor" / broken).unlink()
    assert words in run(project)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("app/resume.py", "class Resume\n", "app/resume.py, line 1: "),
        ("app/utils/utils.py", "x = 1\n  y = 2\n", "app/utils/utils.py, line 2: unexpected indent"),
        ("processor.py", "print('hello')\n", "processor.py imports nothing of app"),
        ("processor.py", "import (\n", "processor.py, line 1: "),
        ("config.json", "{", "config.json is no JSON"),
        ("config.json", "[]", "config.json is no JSON object"),
        ("app/resume.py", "class Other: pass\n", "has no class Resume with process_request"),
        (
            "app/resume.py",
            "class Resume:\n    def process_request(self): pass\n",
            "app/resume.py, line 2: process_request does not take request, client",
        ),
        (
            "app/resume.py",
            "import nothing_such\n",
            "app/resume.py, line 1: there is no nothing_such: install it",
        ),
        ("app/resume.py", "import sys\nsys.exit(3)\n", "app/resume.py, line 2: SystemExit: 3"),
        (
            "app/resume.py",
            "import requests\nrequests.get('http://127.0.0.1:1')\n",
            "no request is being handled, so nothing may be called",
        ),
        (
            "app/utils/globals.py",
            "class Globals:\n    PRODUCTS = ['PRD-###-###-###']\n",
            "PRODUCTS has PRD-###-###-###: fill in the ids of your products",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    project: Path, file: str, text: str, words: str
) -> None:
    (project / "connect_processor" / file).write_text(text)
    assert words in run(project)


def test_a_folder_that_is_none_is_named(project: Path) -> None:
    assert "none such is no folder" in run(project / "none such")


def test_two_projects_in_a_folder_are_named(project: Path) -> None:
    write(project / "other", "", package="more", resume=RESUME)
    (project / "other" / "more").rename(project / "more")
    assert "has more than one processor.py" in run(project)


def test_what_only_the_older_client_has_is_named(project: Path) -> None:
    file = project / APP / "resume.py"
    file.write_text("from cnct.client.models.resourceset import ResourceSet\n" + file.read_text())
    assert "resume.py, line 1: there is no cnct.client: connect-openapi-client" in run(project)


def test_a_python_without_the_client_is_named(project: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "inflect.py").write_text("raise ImportError('no inflect')")
    path = f"{tmp_path / 'broken'}:{SOURCE}"
    said = run(project, PYTHONPATH=path)
    assert "connect-openapi-client cannot be imported by" in said
    (tmp_path / "broken" / "requests.py").write_text("raise ImportError('no requests')")
    assert "there is no requests" in run(project, PYTHONPATH=path)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{", "CONNECT_TEMPLATE is no JSON"),
        ("[]", "CONNECT_TEMPLATE is no JSON object"),
        ('{"keys": []}', "`keys` is []"),
        ('{"keys": {"vendor": "Key"}}', "`vendor` is no address such as https://"),
    ],
)
def test_settings_that_are_none_are_named(project: Path, settings: str, words: str) -> None:
    assert words in run(project, CONNECT_TEMPLATE=settings)


def test_by_hand_it_says_who_starts_it(project: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    words = [python("35"), "-m", "connect_handlers.template", str(project)]
    ended = subprocess.run(words, capture_output=True, env=env, text=True, timeout=PATIENCE)
    assert (ended.returncode, "cnct run --template" in ended.stderr) == (1, True)
