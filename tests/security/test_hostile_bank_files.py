"""Bank files of strangers: read apart from everything, taken whole or refused for a reason (F9)."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from backend.feeds.bank_jsonl import BrokenLineError, from_line, to_line
from backend.feeds.bank_records import Statement, StatementEnd, StatementKind
from backend.inspection.refusals import UploadRefusal as R
from tests.adding import (
    UPLOAD,
    add_bank_file,
    add_statement,
    camt,
    mt940,
    own_accounts,
    send_file,
    send_statement,
)
from tests.security.hostile_files import located_photo
from tests.security.hostile_pdfs import pdf
from tests.services import feed_files as feeds
from tests.signing_in import person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

_GOOD = camt((feeds.statement(closing="1.00"), [feeds.entry("1.00", "X")]))
_EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_BOMB = b'<!DOCTYPE a [<!ENTITY x "' + b"a" * 1000 + b'"><!ENTITY y "' + b"&x;" * 1000 + b'">]>'
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ROW = b"DE02120300000000202051;20.11.26;20.11.26;X;1,00;EUR\n"
_HEADER = b"Auftragskonto;Buchungstag;Valutadatum;Verwendungszweck;Betrag;Waehrung\n"


def _before(content: bytes, extra: bytes) -> bytes:
    declaration, _, rest = content.partition(b"?>")
    return declaration + b"?>" + extra + rest


def _zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


HOSTILE: dict[str, tuple[bytes, R]] = {
    "external entity": (_before(_GOOD, _EXTERNAL), R.ACTIVE_CONTENT),
    "billion laughs": (_before(_GOOD, _BOMB), R.ACTIVE_CONTENT),
    "cut in the middle": (_GOOD[: len(_GOOD) // 2], R.DAMAGED),
    "cut at its end": (_GOOD[:-4], R.DAMAGED),
    "too deep": (_GOOD.replace(b"</Ntry>", b"<a>" * 400 + b"</a>" * 400 + b"</Ntry>"), R.DAMAGED),
    "another xml": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
                    R.NO_BANK_FILE),
    "photo": (located_photo(), R.NO_BANK_FILE),
    "pdf": (pdf(), R.NO_BANK_FILE),
    "broken zip": (b"PK\x03\x04" + bytes(200), R.DAMAGED),
    "cut zip": (_zipped(a=_GOOD)[:-30], R.DAMAGED),
    "zip of a photo": (_zipped(a=_GOOD, b=located_photo()), R.NO_BANK_FILE),
    "zip of a zip": (_zipped(a=_zipped(a=_GOOD)), R.NO_BANK_FILE),
    "zip of nothing": (b"PK\x03\x04" + _zipped(), R.NO_BANK_FILE),
    "zip of half a statement": (_zipped(a=_GOOD, b=_GOOD[:-4]), R.DAMAGED),
    "zip bomb": (_zipped(a=_GOOD + b" " * 30_000_000), R.TOO_COMPLEX),
    "zip of a doctype": (_zipped(a=_before(_GOOD, _EXTERNAL)), R.ACTIVE_CONTENT),
    "test pattern in a zip": (_zipped(a=_EICAR), R.MALWARE),
    "page": (b"<html><script>alert(1)</script></html>", R.NO_BANK_FILE),
    "columns that nobody knows": (b"a;b;c;d;e\n1;2;3;4;5\n", R.NO_BANK_FILE),
    "mt940 without an account": (b":20:X\r\n:28C:1/1\r\n:60F:C261119EUR1,00\r\n-\r\n",
                                 R.UNUSABLE_STATEMENT),
    "header without rows": (_HEADER, R.UNUSABLE_STATEMENT),
    "statement of nothing": (camt((feeds.interim(feeds.statement()), [])), R.NO_ENTRIES),
    "three thousand and one": (_HEADER + _ROW * 3_001, R.TOO_MANY_ENTRIES),
    "blanks": (b" \r\n\0" * 50, R.EMPTY),
    "test pattern": (_GOOD + _EICAR, R.MALWARE),
}  # fmt: skip
# How many accounts and entries each real sample brings, or why it brings nothing.
SAMPLES: dict[str, tuple[int, int] | R] = {
    "camt/genkgo/camt052.v1.xml": (1, 1),
    "camt/genkgo/camt052.v2.with-account-name.xml": (1, 1),
    "camt/genkgo/camt052.v2.xml": (1, 1),
    "camt/genkgo/camt052.v6.xml": (1, 1),
    "camt/genkgo/camt052.v8.xml": (1, 1),
    "camt/genkgo/camt053.v2.all-balance-types.xml": (1, 1),
    "camt/genkgo/camt053.v2.minimal.xml": (1, 1),
    "camt/genkgo/camt053.v2.multi.statement.xml": (1, 2),
    "camt/genkgo/camt053.v2.wrong.xml": R.UNUSABLE_STATEMENT,
    "camt/genkgo/camt053.v3.xml": (1, 1),
    "camt/genkgo/camt053.v8.xml": (1, 1),
    "camt/genkgo/camt054.v2.xml": (1, 1),
    "camt/genkgo/camt054.v8.xml": (1, 1),
    "camt/genkgo/camt53.only-Dt-with-DtTm.xml": R.NO_ENTRIES,
    "csv/comdirect-style-Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV": (1, 1),
    "csv/sparkasse-camt-v1-20180226-umsatz.CSV": (1, 1),
    "mt940/jejik/commerzbank.txt": (1, 1),
    "mt940/jejik/generic.txt": (1, 2),
    "mt940/jejik/ing-dos.txt": (1, 7),
    "mt940/jejik/lbbw.txt": (1, 2),
    "mt940/jejik/oldenburgischelandesbank.txt": (1, 1),
    "mt940/jejik/sparkasse.txt": (1, 2),
    "mt940/jejik/sparkasse2.txt": (1, 1),
    "mt940/wolph/betterplace/empty_86.sta": R.UNUSABLE_STATEMENT,
    "mt940/wolph/betterplace/missing_crlf_at_end.sta": R.UNUSABLE_STATEMENT,
    "mt940/wolph/betterplace/sepa_snippet.sta": (2, 11),
    "mt940/wolph/betterplace/sepa_snippet_broken.sta": R.UNUSABLE_STATEMENT,
    "mt940/wolph/betterplace/with_binary_character.sta": (2, 4),
    "mt940/wolph/cmxl/mt940.sta": (3, 16),
    "mt940/wolph/self-provided/empty_non_swift.sta": R.UNUSABLE_STATEMENT,
    "mt940/wolph/self-provided/february_30.sta": (1, 1),
    "mt940/wolph/self-provided/gv_codes.sta": (1, 2),
    "mt940/wolph/self-provided/invalid_statement.sta": R.NO_BANK_FILE,
    "mt940/wolph/self-provided/malformed_details.sta": (1, 1),
    "mt940/wolph/self-provided/overly_long_details.sta": (1, 1),
    "mt940/wolph/self-provided/raphaelm.sta": (2, 9),
    "mt940/wolph/self-provided/sparkassen.sta": R.UNUSABLE_STATEMENT,
}


async def _inspected(portal: Portal, token: str, content: bytes) -> tuple[str, dict[str, str]]:
    upload = await send_statement(portal, token, content)
    found: dict[str, str] = (await portal.execute(UPLOAD, {"id": upload}, token=token))["node"]
    return upload, found


@pytest.mark.parametrize("name", HOSTILE)
async def test_F9_a_hostile_file_is_refused_and_brings_nothing(portal: Portal, name: str) -> None:
    token = await portal.sign_in(await person(portal))
    content, reason = HOSTILE[name]
    upload, seen = await _inspected(portal, token, content)
    assert (seen["state"], seen["refusal"]) == ("REFUSED", reason.name)
    assert seen["message"]
    assert "Foto" not in seen["message"]
    refused = await add_statement(portal, token, upload)
    assert [one["path"] for one in refused["fields"]] == [["upload"]]
    own = await own_accounts(portal, token)
    assert (own["accountCount"], own["transactionCount"]) == (0, 0)
    assert [info.key async for info in portal.house.objects.list()] == []


async def test_F9_a_file_may_have_ten_megabytes_and_no_more(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    most = portal.house.policy.self_added.statement_megabytes.on(date(2026, 11, 21)) * 1_000_000
    answer = await portal.client.post(
        "/uploads",
        params={"for": "account-statement"},
        content=b"x" * (most + 1),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "text/xml"},
    )
    assert (answer.status_code, answer.json()["reason"]) == (413, "TOO_LARGE")


async def test_F9_the_largest_file_is_taken_over_within_one_request(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    rows = portal.house.policy.self_added.entries_per_file.on(date(2026, 11, 21))
    added = await add_bank_file(portal, token, _HEADER + _ROW * rows)
    assert [one["addedCount"] for one in added["accounts"]] == [rows]


async def test_F9_what_says_that_it_is_a_photo_is_not_even_taken_in(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    answer = await portal.client.post(
        "/uploads",
        params={"for": "account-statement"},
        content=located_photo(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
    )
    assert (answer.status_code, answer.json()["reason"]) == (415, "NO_BANK_FILE")
    assert "CAMT" in answer.json()["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "ISO-8859-15", "windows-1252", "UTF-16"])
async def test_F9_every_encoding_of_a_bank_can_be_read_where_no_file_can_be_opened(
    portal: Portal, encoding: str
) -> None:
    token = await portal.sign_in(await person(portal))
    content = camt((feeds.statement(closing="1.00"), [feeds.entry("1.00", "Müller")])).decode()
    content = content.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    assert encoding in content or encoding == "utf-8"
    added = await add_bank_file(portal, token, content.encode(encoding))
    [account] = added["accounts"]
    [movement] = account["account"]["transactions"]["nodes"]
    assert movement["remittanceInformation"] == "Müller"


async def test_F9_a_zip_of_a_bank_needs_no_unpacking(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    second = feeds.statement(
        feeds.DAY + timedelta(days=1), number=2, opening="1.00", closing="3.00"
    )
    head = feeds.statement(closing="5.00", iban=feeds.OTHER_IBAN, kind=StatementKind.MT940)
    dos = mt940((head, [feeds.entry("5.00", "Grüße")])).decode("cp1252").encode("cp850")
    content = _zipped(a=_GOOD, b=camt((second, [feeds.entry("2.00", "Y")])), c=dos)
    upload = await send_file(
        portal, token, content, "application/x-zip-compressed", "a.zip", "account-statement"
    )
    added = await add_statement(portal, token, upload)
    assert [one["addedCount"] for one in added["accounts"]] == [2, 1]
    [movement] = added["accounts"][1]["account"]["transactions"]["nodes"]
    assert movement["remittanceInformation"] == "Grüße"
    again = await add_bank_file(portal, token, content)
    assert [one["knownCount"] for one in again["accounts"]] == [2, 1]


@pytest.mark.parametrize("name", SAMPLES)
async def test_F9_F11_a_real_file_is_added_or_refused_for_a_reason(
    portal: Portal, samples: Path, name: str
) -> None:
    token = await portal.sign_in(await person(portal))
    content = (samples / name).read_bytes()
    upload, seen = await _inspected(portal, token, content)
    expected = SAMPLES[name]
    if isinstance(expected, R):
        assert (seen["refusal"], bool(seen["message"])) == (expected.name, True)
        return
    added = await add_statement(portal, token, upload)
    own = await own_accounts(portal, token)
    counted = own["accountCount"], own["transactionCount"]
    assert (added["__typename"], counted) == ("AccountStatementAdded", expected)
    again = await add_bank_file(portal, token, content)
    assert sum(one["addedCount"] for one in again["accounts"]) == 0
    assert await own_accounts(portal, token) == own


def test_F9_the_table_names_every_real_file(samples: Path) -> None:
    found = {
        path.relative_to(samples).as_posix()
        for folder in ("camt", "csv", "mt940")
        for path in (samples / folder).rglob("*")
        if path.is_file() and "LICENSE" not in path.name
    }
    assert found == set(SAMPLES)


def test_F9_what_the_inspection_tells_is_read_back_as_it_was() -> None:
    head = feeds.statement(closing="1.00")
    assert from_line(to_line(head)) == _known(head)
    entry = feeds.entry("-1.00", "Müller", key="0" * 32, content_key="f" * 32, line=3)
    assert from_line(to_line(entry)) == entry


def _known(head: Statement) -> Statement:
    return Statement(
        head.kind,
        head.account,
        head.line,
        statement_id=head.statement_id,
        sequence_number=head.sequence_number,
        currency=head.currency,
        created_on=head.created_on,
        opening=head.opening,
        closing=head.closing,
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"is":"entry"}',
        b'{"is":"statement","kind":"camt.053","account":[1,2,3]}',
        b'{"is":"statement","kind":"camt.099","account":[null,null,null]}',
        b'{"is":"finding","line":-1,"reason":"","rejects":true}',
        b'{"is":"finding","line":true,"reason":"","rejects":true}',
        b'{"is":"finding","reason":"\\u0000","rejects":true}',
        b'{"is":"finding","reason":"' + b"x" * 2_001 + b'","rejects":true}',
        b'{"is":"finding","reason":"","rejects":1}',
    ],
)
def test_F9_a_line_that_the_inspection_would_not_write_is_not_believed(line: bytes) -> None:
    with pytest.raises(BrokenLineError):
        from_line(line)


def test_F9_sums_and_balances_are_read_back_with_their_sign() -> None:
    head = feeds.statement(opening="-0.05", closing="1.00")
    end = StatementEnd(_known(head), 1, 0, 0, feeds.entry("1.05", "").amount, reconciles=True)
    assert from_line(to_line(end)) == end


def test_F9_the_server_never_loads_what_reads_bank_files() -> None:
    program = (
        "import sys, backend.app, backend.worker, backend.schema; print(sorted({'lxml', 'mt940', "
        "'backend.feeds.camt', 'backend.feeds.mt940', 'backend.feeds.bank_csv'} & "
        "{name for name, one in sys.modules.items() if type(one).__name__ != '_LazyModule'}))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert shown.stdout == "[]\n"
