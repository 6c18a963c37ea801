"""manifest.json: every field is checked, paths stay below the manifest, ids are unique."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from backend.feeds.findings import FeedError, Finding
from backend.feeds.manifest import DocumentDirection, ManifestEntry, read_manifest

DOCUMENT: dict[str, Any] = {
    "id": "MLV-2026-1",
    "customer_number": "100001",
    "contract_number": "L-4711",
    "kind": "ANNUAL_STATEMENT",
    "date": "2026-11-20",
    "sha256": "AB" * 32,
    "subject": "Ihre jährliche Mitteilung",
    "official_decision": False,
    "file": "2026/11/1.pdf",
    "sender": "Musterland Lebensversicherung AG",
}


def read(*documents: Any) -> list[ManifestEntry | Finding]:
    text = json.dumps(list(documents), ensure_ascii=False, indent=1)
    return list(read_manifest(io.BytesIO(text.encode())))


def test_document_is_read() -> None:
    assert read(DOCUMENT) == [
        ManifestEntry(
            line=2,
            id="MLV-2026-1",
            customer_number="100001",
            contract_number="L-4711",
            kind="ANNUAL_STATEMENT",
            date=date(2026, 11, 20),
            sha256="ab" * 32,
            subject="Ihre jährliche Mitteilung",
            is_official_decision=False,
            file="2026/11/1.pdf",
            sender="Musterland Lebensversicherung AG",
            direction=DocumentDirection.INCOMING,
        )
    ]


def test_F83_outgoing_documents_say_so() -> None:
    (found,) = read(DOCUMENT | {"direction": "OUTGOING", "contract_number": None})

    assert isinstance(found, ManifestEntry)
    assert (found.direction, found.contract_number) == (DocumentDirection.OUTGOING, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": 7}, "id"),
        ({"customer_number": None}, "customer_number"),
        ({"contract_number": 4711}, "contract_number"),
        ({"kind": "Brief an Sie"}, "kind"),
        ({"date": "20.11.2026"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"sha256": "ab" * 31}, "sha256"),
        ({"sha256": "xy" * 32}, "sha256"),
        ({"subject": "x" * 201}, "subject"),
        ({"official_decision": "no"}, "official_decision"),
        ({"sender": "  "}, "sender"),
        ({"direction": "SIDEWAYS"}, "direction"),
        ({"file": None}, "file"),
    ],
)
def test_wrong_field_is_a_finding_and_the_others_come_through(
    change: dict[str, Any], field: str
) -> None:
    broken, good = read(DOCUMENT | change, DOCUMENT | {"id": "MLV-2026-2"})

    assert isinstance(broken, Finding)
    assert (broken.line, broken.record, broken.field, broken.rejects) == (
        2,
        "document 1",
        field,
        True,
    )
    assert isinstance(good, ManifestEntry)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.pdf",
        "a/../../b.pdf",
        "/etc/passwd",
        "a//b.pdf",
        "./a.pdf",
        "C:/a.pdf",
        "a\\..\\b.pdf",
        "~root/a.pdf",
        "a.pdf.",
        "a.pdf /b",
        "a\u202efdp.exe",
        "x" * 256,
    ],
)
def test_path_that_leaves_the_folder_is_refused(path: str) -> None:
    with pytest.raises(FeedError, match="none of 1 documents is usable"):
        read(DOCUMENT | {"file": path})


def test_second_document_with_an_id_is_a_finding() -> None:
    _, finding = read(DOCUMENT, DOCUMENT)

    assert finding == Finding(
        14, "document 2", "id", "this id stands in the file before", rejects=True
    )


def test_several_wrong_fields_give_a_finding_each() -> None:
    findings = read(DOCUMENT | {"date": "", "sha256": None}, DOCUMENT)

    assert sorted(item.field or "" for item in findings if isinstance(item, Finding)) == [
        "date",
        "sha256",
    ]


def test_finding_never_repeats_the_content() -> None:
    found = read(DOCUMENT | {"subject": "Geheim" * 100, "kind": "Geheim!"}, DOCUMENT)

    assert all("Geheim" not in item.reason for item in found if isinstance(item, Finding))


def test_empty_list_delivers_nothing_and_is_fine() -> None:
    assert read() == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", 1),
        (b"{}", 1),
        (b"[\n{]", 2),
        (b'[\n{"id": 1}\n{"id": 2}]', 3),
        (b'[{"id": "\xff"}]', 1),
        (b'[\n\n{"id": "x"}, {"id": ', 3),
        (b"[{}] []", 1),
        (b"[NaN]", 1),
        (b"[" * 100_000, 1),
    ],
)
def test_broken_json_is_an_error_with_its_line(text: bytes, line: int) -> None:
    with pytest.raises(FeedError) as error:
        list(read_manifest(io.BytesIO(text)))

    assert error.value.finding.line == line


def test_list_larger_than_the_window_is_read_with_right_lines() -> None:
    documents = [DOCUMENT | {"id": f"D-{number}", "subject": "ü" * 190} for number in range(2_000)]

    found = read(*documents)

    assert [item.line for item in found] == [2 + 12 * number for number in range(2_000)]
    assert all(isinstance(item, ManifestEntry) for item in found)


def test_entry_beyond_a_mebibyte_is_refused() -> None:
    with pytest.raises(FeedError, match="larger than 1 MiB"):
        read(DOCUMENT | {"subject": "x" * (3 << 20)})
