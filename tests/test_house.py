"""The house's own rules, as far as no tool checks them."""

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from walkapp.factory import FLOORS
from walkapp.kernel import words
from walkapp.kernel.db import db
from walkapp.kernel.states import Machine

ROOT = Path(__file__).parents[1]
CONTRACT = {
    "walk": "draft planned invited open closed reviewing minuted assigned answered followed_up archived cancelled postponed",
    "observation": "sent kept merged redirected masked set_aside actioned noted preserved",
    "action": (
        "proposed assigned accepted planned investigating awaiting_funds declined misdirected started done verified closed "
        "reopened requested answered_yes answered_no unanswered"
    ),
    "meeting": "planned called running drafted signed approved filed",
}
WITHOUT_MUNICIPALITY = {"installation", "municipality"}


def machines() -> list[Machine]:
    found = []
    for floor in FLOORS:
        if (ROOT / "walkapp" / floor / "states.py").exists():
            module = importlib.import_module(f"walkapp.{floor}.states")
            found += [thing for thing in vars(module).values() if isinstance(thing, Machine)]
    return found


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
def test_every_state_can_be_reached(machine):
    reached, ahead = set(), [machine.start]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += machine.table[state].values()
    assert reached == set(machine.states)


@pytest.mark.parametrize("name", CONTRACT)
def test_states_bear_the_contract_s_names(name):
    machine = next(machine for machine in machines() if machine.name == name)
    assert set(machine.states) == set(CONTRACT[name].split())


def test_every_table_belongs_to_a_municipality(app):
    tables = {table.name: table for table in db.metadata.tables.values()}
    bare = {name for name, table in tables.items() if "municipality_id" not in table.columns}
    assert bare == WITHOUT_MUNICIPALITY


def test_foreign_keys_point_down_the_stairs(app):
    floor_of = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in db.Model.registry.mappers}
    height = {floor: number for number, floor in enumerate(("kernel", *FLOORS))}
    for name, table in db.metadata.tables.items():
        for key in table.foreign_keys:
            below = floor_of[key.column.table.name]
            assert height[below] <= height[floor_of[name]], f"{name} points up to {key.column.table.name}"


def test_template_folders_are_floors():
    folders = {folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()}
    assert folders - {"mail", "errors", "macros"} <= set(FLOORS)


def test_templates_hold_no_inline_script_or_style():
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text), file
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, f"{file}: {tag}"
        assert not re.search(r"(src|href)=\"(https?:)?//", text), file
        assert "|safe" not in text.replace(" ", ""), file


def test_every_refusal_has_its_sentence_in_both_languages():
    codes = set()
    raised = re.compile(
        r"\b(?:Refusal|NotSignedIn|NotAllowed|NotFound|Conflict|Gone|LengthRequired|TooLarge|WrongKind|Invalid|TooMany|"
        r"Unavailable|Full)\(\s*\"([a-z_.0-9]+)\""
    )
    for file in (ROOT / "walkapp").rglob("*.py"):
        codes |= set(raised.findall(file.read_text("utf-8")))
    for machine in machines():
        codes |= {f"{machine.name}.cannot_{verb}" for verbs in machine.table.values() for verb in verbs}
    for language in words.LANGUAGES:
        known = {message.id for message in words.merge(language) if message.string}
        assert sorted(codes - known) == [], language


def test_every_word_on_a_page_has_its_swedish():
    known = {message.id for message in words.merge("sv") if message.string}
    known |= {message.id[0] for message in words.merge("sv") if isinstance(message.id, tuple)}
    known |= {one for message in words.merge("sv") if isinstance(message.id, tuple) for one in (message.id,)}
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None, "_n": (1, 2)}
    missing = []
    for folder, methods in ((ROOT / "walkapp", [("**.py", "python")]), (ROOT / "templates", [("**.*", "jinja2")])):
        options = {"**.*": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false", "trimmed": "true"}}
        for file, line, message, _, _ in extract_from_dir(folder, methods, options, keywords=keywords):
            if message and message not in known and not (isinstance(message, str) and message in known):
                missing.append(f"{file}:{line} {message!r}")
    assert missing == []


def test_the_project_speaks_of_itself_alone():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    hosts = re.compile("registry" + r"\.npmjs|files\.python" + "hosted|pypi" + r"\.org/simple|deb\.deb" + "ian")
    for name in filter(None, files):
        file = ROOT / name
        if not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", "ignore")
        assert not hosts.search(text), name
        assert not re.search(r"(^|[^a-zA-Z<{/.])/(wo" + r"rk|fa" + r"rm)/[a-z.]", text), name


PLANTS = [
    ("observations/service.py", "import walkapp.actions.models", "Floors"),
    ("kernel/geo.py", "import walkapp.people.models", "Floors"),
    ("walks/models.py", "import walkapp.walks.access", "Rooms"),
    ("actions/queries.py", "import walkapp.actions.service", "Rooms"),
    ("council/helper.py", "", "Rooms"),
    ("actions/service.py", "import flask", "Only doors know Flask"),
    ("shell/pages.py", "import walkapp.walks.pages", "Doors are opened by the factory alone"),
    ("observations/service.py", "import PIL", "Pillow only in photos.image"),
    ("reports/service.py", "import folium", "folium only in kernel.map"),
    ("council/service.py", "import smtplib", "smtplib only in kernel.mail"),
]


@pytest.mark.parametrize(("file", "line", "rule"), PLANTS, ids=[f"{file}: {line}" for file, line, _ in PLANTS])
def test_a_planted_wrong_import_is_caught(tmp_path, file, line, rule):
    shutil.copytree(ROOT / "walkapp", tmp_path / "walkapp", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "walkapp" / file).open("a") as source:
        source.write(f"\n{line}\n")
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.returncode != 0
    broken = [
        row for row in done.stdout.splitlines() if "BROKEN" in row or "is not listed" in row or "Could not" in row
    ]
    assert any(rule in row for row in broken) or not broken, done.stdout
