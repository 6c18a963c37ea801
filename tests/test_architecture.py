"""The rules of the house that a reader relies on, held by a program."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend.models.tables import Base
from backend.values import Value
from tests.exporting import exported_columns
from tests.security import canary_world

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CODE = [
    path
    for folder in ("attack", "backend", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = [
    path
    for pattern in ("*.ts", "*.tsx")
    for folder in ("src", "build", "checks")
    for path in sorted((ROOT / "frontend" / folder).rglob(pattern))
]
# Written by programs, or one file by decision (docs/add-a-feature.md).
GENERATED = re.compile(r"/(paraglide|migrations/versions|spa)/|/schema-types\.d\.ts$|introspection")
LONGEST_FILE = 300
# A test module is a list of sentences, each on its own.
LONGEST_TESTS = 500
LONGEST_FUNCTION = 40
VAGUE_NAMES = re.compile(r"^(utils?|helpers?|managers?|base|common|misc)$")
ONLY_ONE_IMPORTS = ("aiobotocore", "webauthn", "argon2", "tink")
MAY_COMMIT = {"backend/database.py", "backend/migrate.py", "backend/migrations/env.py"}

# What is kept of a customer but not handed out, and why. Keys and hashes prove things to the house
# and tell a customer nothing; a thief of an export could use some of them.
WITHHELD = {
    "answered_request": "hashes of what an app sent, so that it is carried out once",
    "support_request": "joins a conversation with its receipt and data, which are exported",
    "claim_part": "where parts of sealed files lie; the claims department alone can open them",
    "message_attachment": "joins a message with its documents, which it lists by their hash",
    "personal_details_evidence": "joins a change with its documents, which are exported",
    "activation_code": "SHA-256 and counters of a code that came by letter",
    "deletion_request": "what customer service was asked for; the customer is told by mail",
    "former_customer": "uids under which there may be keys, nothing else",
    "subject_part": "what begins at each letter of subjects, which are exported themselves",
    "document_word": "keyed hashes of the words of documents, which are exported themselves",
    "print_order": "when a letter went to the printers; the letter itself is exported",
    "challenge": "hashes of TANs and links, for minutes",
    "recovery": "hashes of a link, a password and a TAN, for minutes",
    "recovery_letter": "SHA-256 and counters of a code that came by letter; the log tells of it",
}
# Rows are told apart and joined by these; an export names what they lead to.
KEYS = {
    *("id", "customer_id", "user_account_id", "user_session_id", "institution_id"),
    *("contract_id", "statement_id", "conversation_id", "document_id", "submission_id"),
    *("claim_id", "change_id", "added_contract_id", "added_account_id"),
}
WITHHELD_COLUMNS = {
    "account_transaction": {"entry_key", "content_key", "counterparty_iban_is_valid", "sequence"},
    "approval": {
        *("input", "expected_version", "secret", "locale", "state", "allows_passkey"),
        *("allows_tan", "tan_hash", "attempts", "nonce", "nonce_used_at", "evidence"),
        "expires_at",
    },
    "bank_account": {"change_uid", "mandate_id"},
    "claim": {
        *("claim_document_id", "claims_key_id", "receipt_id", "idempotency_key", "leased_until"),
        *("attempts", "decided_as_of", "statement_external_id", "sealed_contract_id"),
    },
    "contract": {"source_digest"},
    "conversation": {"uid", "key_owner"},
    "customer": {"uid"},
    "device": {"public_key", "replaced_device_id"},
    "document": {
        "is_paper_only",
        "external_id",
        "file_name",
        "object_key",
        "key_owner",
        "indexed_at",
    },
    "message": {"uid", "key_owner"},
    "notice": {"message_id"},
    "partner": {"sequence"},
    "product_mail": {"mailing"},
    "push_subscription": {"uid", "endpoint_hash", "sealed", "key_owner"},
    "personal_details_change": {"change_uid", "submission_uid"},
    "sepa_mandate": {"change_uid", "ended_by"},
    "passkey": {"credential_id", "public_key", "sign_count"},
    "self_added_account": {"account_key"},
    "self_added_contract": {"version"},
    "self_added_document": {"object_key", "key_owner"},
    "self_added_statement": {"statement_key"},
    "self_added_transaction": {
        *("entry_key", "content_key", "counterparty_iban_is_valid", "sequence"),
    },
    "statement": {"statement_key"},
    "submission": {"receipt_id", "schema_version", "key_owner", "batch"},
    "upload": {"object_key", "key_owner", "leased_until", "attempts"},
    "user_account": {"password_hash", "version", "lock_told_at"},
    "user_session": {"token_hash", "device_id", "may_add_first_passkey"},
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _neighbours(path: Path, modules: dict[str, Path]) -> set[Path]:
    """Return the files that a file takes something from, be it only for type checkers."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & modules.keys() or {node.module}
    return {modules[name] for name in found & modules.keys()} - {path}


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring aside."""
    has_docstring = ast.get_docstring(function) is not None
    statements = function.body[1:] if has_docstring else function.body
    if not statements:
        return 0
    return (function.end_lineno or 0) - statements[0].lineno + 1


def test_files_are_short_enough_to_read() -> None:
    limits = [(path, LONGEST_FILE) for path in CODE + SCRIPTS]
    limits += [(path, LONGEST_TESTS) for path in TESTS]
    too_long = {
        _name(path): _lines(path)
        for path, limit in limits
        if not GENERATED.search(path.as_posix()) and _lines(path) >= limit
    }
    assert too_long == {}


def test_functions_are_short_enough_to_read() -> None:
    too_long = {
        f"{_name(path)}:{node.lineno} {node.name}": _body_lines(node)
        for path in CODE
        if not GENERATED.search(path.as_posix())
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and _body_lines(node) >= LONGEST_FUNCTION
    }
    assert too_long == {}


def test_no_files_need_each_other_in_a_circle() -> None:
    modules = {
        _name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in CODE
    }
    needs = {path: _neighbours(path, modules) for path in CODE}
    assert sum(map(len, needs.values())) > len(CODE)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(map(_name, error.args[1])))


def test_names_of_files_say_what_is_in_them() -> None:
    vague = [
        _name(path) for path in CODE + TESTS + SCRIPTS if VAGUE_NAMES.match(path.name.split(".")[0])
    ]
    assert vague == []


@pytest.mark.parametrize("library", ONLY_ONE_IMPORTS)
def test_only_one_file_knows_the_library(library: str) -> None:
    knowing = [
        _name(path) for path in CODE if "backend" in path.parts and library in _imports(_tree(path))
    ]
    assert len(knowing) == 1, knowing


def _is_frozen(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and any(
        keyword.arg == "frozen" for keyword in decorator.keywords
    )


def test_frozen_values_are_made_in_c_unless_they_hide_something() -> None:
    """A field that no repr may show needs a dataclass; others are `backend.values.Value`."""
    compiled = [
        f"{_name(path)}: {node.name}"
        for path in CODE
        if path.is_relative_to(ROOT / "backend")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ClassDef)
        and any(map(_is_frozen, node.decorator_list))
        and "repr=False" not in ast.unparse(node)
    ]
    assert compiled == []


def test_no_value_has_a_field_of_dataclasses() -> None:
    """To a `Value`, `dataclasses.field(…)` is a default like any other."""

    def everywhere(kind: type[Value]) -> Iterator[type[Value]]:
        for below in kind.__subclasses__():
            yield below
            yield from everywhere(below)

    kinds = [kind for kind in everywhere(Value) if kind.__module__.startswith("backend.")]
    assert len(kinds) > 100
    assert [
        kind.__name__
        for kind in kinds
        if any(isinstance(default, dataclasses.Field) for default in kind.__struct_defaults__)
    ] == []


def test_nobody_calls_commit() -> None:
    """One mutation field is one transaction, which `backend.database` ends."""
    calling = {
        _name(path)
        for path in CODE
        if "backend" in path.parts
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    }
    assert calling <= MAY_COMMIT


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    silent = []
    for path in CODE:
        if GENERATED.search(path.as_posix()):
            continue
        docstring = ast.get_docstring(_tree(path)) or ""
        sentence = docstring.split("\n\n")[0]
        if not sentence.endswith((".", "…")) or len(sentence) > 200:
            silent.append(_name(path))
    assert silent == []


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    # An unpacked release has no history: then everything that is there counts.
    paths = [ROOT / name for name in names if name] or [*CODE, *TESTS, *SCRIPTS]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    forbidden = re.compile(
        "|".join(
            (
                r"--(extra-)?index-" + "url",
                r"files\.python" + "hosted",
                r"registry\.npm" + r"js|registry\.yarn",
                r"\"resolved\": ?\"http",
                r"(?<![\w.])/(home|Users)/[a-z]",
                r"(?<![\w.])/(root|work)/(?!absent)[a-z]",
            )
        )
    )
    naming = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = forbidden.search(text)
        if found and path != Path(__file__):
            naming.append(f"{_name(path)}: {found[0]}")
    assert naming == []


def test_X13_every_column_about_a_customer_is_exported_or_withheld_with_a_reason() -> None:
    """A new one goes into `backend/services/exports/parts.py`, or stands above."""
    exported = exported_columns()
    tables = canary_world.customer_tables() | {"customer"}
    assert tables == exported.keys() | WITHHELD.keys()
    forgotten = {
        name: columns
        for name in exported
        if (
            columns := {column.name for column in Base.metadata.tables[name].columns}
            - exported[name]
            - WITHHELD_COLUMNS.get(name, set())
            - KEYS
        )
    }
    assert forgotten == {}


def test_the_rules_see_the_code() -> None:
    """Without this, a moved folder would make every rule pass."""
    assert len(CODE) > 100
    assert len(TESTS) > 30
    assert len(SCRIPTS) > 30
    assert len(_tracked()) > 300
