"""The commands that the pages tell a reader to type exist: verbs, their options, make targets."""

import re
from pathlib import Path

import pytest

from retrowalk.cli import VERBS, build_parser
from retrowalk.wearer.cast import names

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "hw").rglob("*.md")])
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
VERB = re.compile(r"(?<![\w/-])(?:\.venv/bin/)?retrowalk ([a-z]+)((?: [^#\n]*)?)")
MAKE = re.compile(r"^make ([a-z-]+)", re.MULTILINE)


def code_of(page: Path) -> list[str]:
    """The code blocks and the inline code of a page."""
    return [block or inline for block, inline in CODE.findall(page.read_text(encoding="utf-8"))]


def calls() -> list[tuple[str, str, str]]:
    """(page, verb, rest of the line) of every call of retrowalk in the pages."""
    found = []
    for page in PAGES:
        for code in code_of(page):
            found += [(str(page.relative_to(ROOT)), verb, rest) for verb, rest in VERB.findall(code)]
    return found


def test_the_pages_do_call_retrowalk():
    assert {verb for _, verb, _ in calls()} == set(VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_options_in_the_pages_exist(verb):
    known = set(build_parser(verb)._option_string_actions)
    for page, named, rest in calls():
        if named == verb:
            used = {word.partition("=")[0] for word in rest.split() if re.match(r"--[a-z]", word)}
            assert used <= known, f"{page}: retrowalk {verb}{rest}"


def test_every_verb_named_is_one():
    assert [call for call in calls() if call[1] not in VERBS] == []


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z -]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    targets = {name for line in targets for name in line.split()}
    for page in PAGES:
        for code in code_of(page):
            assert set(MAKE.findall(code)) <= targets, page


def test_readme_names_the_two_commands_and_every_verb():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    assert re.findall(r"^\| `([a-z]+)` \|", readme, re.MULTILINE) == list(VERBS)


def test_the_walks_named_in_the_pages_exist():
    named = {name for page in PAGES for code in code_of(page) for name in re.findall(r"model:([a-z_]+)", code)}
    assert "demo" in named
    assert named <= set(names())
