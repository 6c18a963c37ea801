"""What the documentation promises is there, and what is there is documented."""

from __future__ import annotations

import io
import json
import re
import string
import tomllib
from pathlib import Path

import msgspec

from backend.feeds.claims_jsonl import ClaimDecision, read_claim_decisions
from backend.settings import Secret, Settings

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _shown(default: object) -> str:
    if isinstance(default, Secret):
        default = default.reveal()
    if default is None or default == "":
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_setting_is_in_the_operations_page_with_its_default() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `KUNDENPORTAL_(\w+)` \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    documented = {name.lower(): (default, text) for name, default, text in rows}
    declared = {
        field.name: (_shown(field.default), field.type.__metadata__[0])
        for field in msgspec.structs.fields(Settings)
    }
    assert documented == declared


def _targets() -> set[str]:
    """Return the targets that people call: neither files nor stamps."""
    rules = re.findall(r"^([a-z][a-z0-9 -]*):(?!=)", MAKEFILE, re.MULTILINE)
    return {target for rule in rules for target in rule.split()}


def test_every_make_target_is_in_the_help() -> None:
    helped = re.findall(r"^([a-z][a-z0-9 -]*):.*## \S", MAKEFILE, re.MULTILINE)
    assert {target for rule in helped for target in rule.split()} == _targets()
    pattern = re.search(r"grep -hE '([^']+)'", MAKEFILE)
    assert pattern
    printed = re.compile(pattern[1])
    for line in MAKEFILE.splitlines():
        if re.match(r"[a-z][a-z0-9 -]*:.*## ", line):
            assert printed.match(line), line


def test_every_make_target_of_the_documentation_exists() -> None:
    named = {
        target
        for path in DOCUMENTS
        for target in re.findall(
            r"(?:^ {4}|`)make ([a-z0-9-]+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {"setup", "run", "test", "check"} <= named
    assert named <= _targets()


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in DOCUMENTS:
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not link.startswith(("http:", "https:", "mailto:")):
                target = (path.parent / link).resolve()
                if not target.exists():
                    broken.append(f"{path.relative_to(ROOT)}: {link}")
    assert broken == []


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _flat(value: object, prefix: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {
            key: text
            for name, one in value.items()
            for key, text in _flat(one, f"{prefix}.{name}").items()
        }
    if isinstance(value, list):
        return _flat(dict(enumerate(value)), prefix)
    return {prefix: str(value)}


def _assert_alike(german: dict[str, str], english: dict[str, str], where: str) -> None:
    assert german.keys() == english.keys(), where
    for key, text in german.items():
        assert text.strip(), (where, key)
        assert english[key].strip(), (where, key)
        assert _placeholders(text) == _placeholders(english[key]), (where, key)


def test_the_servers_texts_say_the_same_in_both_languages() -> None:
    texts = ROOT / "backend" / "texts"
    names = {path.name for path in texts.rglob("de*.toml")}
    assert "de.toml" in names
    for german in texts.rglob("*de.toml"):
        english = german.with_name(german.name.replace("de.toml", "en.toml"))
        _assert_alike(
            _flat(tomllib.loads(german.read_text(encoding="utf-8"))),
            _flat(tomllib.loads(english.read_text(encoding="utf-8"))),
            german.name,
        )


def test_the_apps_messages_say_the_same_in_both_languages() -> None:
    messages = ROOT / "frontend" / "src" / "messages"
    german = {path.name for path in (messages / "de").glob("*.json")}
    assert german == {path.name for path in (messages / "en").glob("*.json")}
    assert "common.json" in german
    for name in german:
        both = [
            _flat(json.loads((messages / locale / name).read_text(encoding="utf-8")))
            for locale in ("de", "en")
        ]
        _assert_alike(both[0], both[1], name)


def test_the_documented_claims_feed_is_read_and_every_field_is_explained() -> None:
    page = (ROOT / "docs" / "core-systems.md").read_text(encoding="utf-8")
    [(lines, table)] = re.findall(
        r"## Decisions about claims.*?```json\n(.*?)```(.*)", page, re.DOTALL
    )
    read = list(read_claim_decisions(io.BytesIO(lines.encode())))
    assert [type(item) for item in read] == [ClaimDecision] * 3
    shown = {name for line in lines.splitlines() for name in json.loads(line)}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == shown
