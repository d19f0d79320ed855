"""The web service of a project is found, or the start says why it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from runtime import SOURCE
from template_project import RESUME, write
from template_stand import Stand
from test_template_layout import run

HEAD = "from flask import Flask, request, current_app, g\n"
ECHO = """
def validate():
    order = request.json
    order['asset']['params'][1]['value_error'] = request.path
    return order
"""


def service(stand: Stand, text: str) -> None:
    """Writes the project with a service of these lines."""
    stand.resume(RESUME)
    path(stand.folder).write_text(HEAD + ECHO + text)


def path(project: Path) -> Path:
    return project / "connect_processor" / "app" / "dynamic_validation.py"


#: A service by another name, and the path that it validates at.
FOUND = [
    ("app = Flask(__name__)\napp.post('/validate')(validate)", "/validate"),
    ("application = Flask(__name__)\napplication.post('/validate')(validate)", "/validate"),
    ("mine = Flask(__name__)\nmine.post('/validate/')(validate)", "/validate/"),
    ("api = Flask(__name__)\napi.post('/check')(validate)", "/check"),
    (
        "api = other = Flask(__name__)\napi.post('/check')(validate)\n"
        "more = Flask('more')\napi.post('/validate')(validate)",
        "/validate",
    ),
    (
        "from flask import Blueprint\nblue = Blueprint('v1', __name__)\n"
        "blue.route('/validate', methods=['POST'])(validate)\n"
        "api = Flask(__name__)\napi.register_blueprint(blue, url_prefix='/v1')",
        "/v1/validate",
    ),
    (
        "import json\n"
        "def application(environ, start_response):\n"
        "    order = json.loads(environ['wsgi.input'].read(int(environ['CONTENT_LENGTH'])))\n"
        "    order['asset']['params'][1]['value_error'] = environ['PATH_INFO']\n"
        "    start_response('200 OK', [])(json.dumps(order).encode())\n"
        "    return []",
        "/validate",
    ),
]


@pytest.mark.parametrize(("text", "at"), FOUND)
def test_a_service_of_another_name_or_path_is_found(stand: Stand, text: str, at: str) -> None:
    service(stand, text)
    assert stand.validate() == {"findings": {"admin_email": {"error": at}}}


def test_a_service_that_makes_answers_of_errors_keeps_to_it(stand: Stand) -> None:
    service(
        stand,
        "api = Flask(__name__)\n"
        "@api.errorhandler(ValueError)\n"
        "def odd(error):\n"
        "    return validate()\n"
        "@api.post('/validate')\n"
        "def ask():\n"
        "    raise ValueError('no')\n",
    )
    assert stand.validate() == {"findings": {"admin_email": {"error": "/validate"}}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", "http://127.0.0.1:1", resume=RESUME)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "dynamic_validation.py has no web service: it says `api = Flask(__name__)`"),
        ("api = 3", "dynamic_validation.py has no web service"),
        ("def api(): pass", "dynamic_validation.py has no web service"),
        (
            "one = Flask('one')\ntwo = Flask('two')",
            "has more than one web service: one, two. Call the one that counts api",
        ),
        (
            "api = Flask(__name__)",
            "dynamic_validation.py has no route /validate for POST, which is how Connect asks",
        ),
        ("api = Flask(__name__)\napi.get('/validate')(validate)", "it has none. Write"),
        (
            "api = Flask(__name__)\napi.post('/a')(validate)\napi.post('/b')(validate)",
            "it has /a, /b. Write @api.route('/validate', methods=['POST'])",
        ),
        ("api = Flask(__name__)\napi.post('/<id>')(validate)", "it has none. Write"),
        ("x = (", "app/dynamic_validation.py, line 7: "),
        ("import nothing_such", "dynamic_validation.py, line 7: there is no nothing_such: install"),
    ],
)
def test_what_is_wrong_with_a_service_is_said_with_its_place(
    project: Path, text: str, words: str
) -> None:
    path(project).write_text(HEAD + ECHO + text)
    assert words in run(project)


def test_a_python_without_flask_is_named(project: Path, tmp_path: Path) -> None:
    path(project).write_text(HEAD)
    (tmp_path / "without").mkdir()
    missing = "raise ModuleNotFoundError(\"No module named 'flask'\", name='flask')"
    (tmp_path / "without" / "flask.py").write_text(missing)
    said = run(project, PYTHONPATH=f"{tmp_path / 'without'}:{SOURCE}")
    assert "app/dynamic_validation.py, line 1: there is no flask: install it into" in said
    assert "pip install -r requirements/dev.txt" in said
