"""Bank statements in: transactions, balances, gaps, and what is only provisional."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from backend.feeds.bank_records import AccountIdentification, StatementKind
from backend.models.contracts import SavingsAccount
from backend.models.transactions import Statement, Transaction
from backend.services.imports import import_file
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal

NO_HOLDER = "no holder known: nobody sees this account yet"
NEXT_DAY = feeds.DAY + timedelta(days=1)


async def _import(portal: Portal, path: Path) -> FileReport:
    return await import_file(portal.house, path)


async def _all(portal: Portal, kind: type[Any]) -> list[Any]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def _account(portal: Portal) -> SavingsAccount:
    [account] = await _all(portal, SavingsAccount)
    assert isinstance(account, SavingsAccount)
    return account


def _counts(report: FileReport) -> tuple[int, int, int]:
    return report.accepted, report.duplicates, report.rejected


def _reasons(report: FileReport) -> list[str]:
    return [finding.reason for finding in report.findings if finding.reason != NO_HOLDER]


async def test_a_statement_brings_entries_and_the_balance(portal: Portal, tmp_path: Path) -> None:
    path = feeds.camt_file(
        tmp_path / "a.xml",
        (
            feeds.statement(closing="90.50"),
            [feeds.entry("100.00", "Einzahlung"), feeds.entry("-9.50", "Auszahlung")],
        ),
    )
    report = await _import(portal, path)
    assert (_counts(report), [one.reason for one in report.findings]) == ((2, 0, 0), [NO_HOLDER])
    account = await _account(portal)
    assert (account.number, account.iban) == (feeds.IBAN, feeds.IBAN)
    assert (account.balance, account.balance_on) == (Decimal("90.50"), feeds.DAY)
    amounts = [(one.amount, one.is_pending) for one in await _all(portal, Transaction)]
    assert amounts == [(Decimal("100.00"), False), (Decimal("-9.50"), False)]
    [row] = await _all(portal, Statement)
    assert (row.number, row.opening_balance, row.closing_balance) == (
        "1",
        Decimal("0.00"),
        Decimal("90.50"),
    )


async def test_the_same_statement_twice_changes_nothing(portal: Portal, tmp_path: Path) -> None:
    entries = [feeds.entry("5.00", "gleich"), feeds.entry("5.00", "gleich")]
    path = feeds.camt_file(tmp_path / "a.xml", (feeds.statement(closing="10.00"), entries))
    first = await _import(portal, path)
    again = await _import(portal, path)
    assert (_counts(first), _counts(again)) == ((2, 0, 0), (0, 2, 0))
    assert len(await _all(portal, Transaction)) == 2
    assert len(await _all(portal, Statement)) == 1


async def test_the_balance_follows_the_newest_statement_not_the_last_file(
    portal: Portal, tmp_path: Path
) -> None:
    for day, number, closing in ((NEXT_DAY, 2, "20.00"), (feeds.DAY, 1, "10.00")):
        head = feeds.statement(day, number=number, opening=closing, closing=closing)
        await _import(portal, feeds.camt_file(tmp_path / f"{number}.xml", (head, [])))
    account = await _account(portal)
    assert (account.balance, account.balance_on) == (Decimal("20.00"), NEXT_DAY)


async def test_a_missing_number_and_a_wrong_sum_are_findings(
    portal: Portal, tmp_path: Path
) -> None:
    await _import(portal, feeds.camt_file(tmp_path / "1", (feeds.statement(), [])))
    later = feeds.statement(feeds.DAY + timedelta(days=3), number=4, closing="1.00")
    path = feeds.camt_file(tmp_path / "4", (later, []))
    for _ in range(2):
        assert _reasons(await _import(portal, path)) == [
            "does not reconcile: closing - opening - entries = 1.00",
            "statement 2 to 3 is missing before 4",
        ]


async def test_F66_a_pending_entry_vanishes_when_the_booked_one_arrives(
    portal: Portal, tmp_path: Path
) -> None:
    pending = feeds.entry("-30.00", "Strom", end_to_end_id="E1", is_pending=True)
    report_head = feeds.interim(feeds.statement(NEXT_DAY))
    intraday = feeds.camt_file(tmp_path / "052.xml", (report_head, [pending]))
    await _import(portal, feeds.camt_file(tmp_path / "1.xml", (feeds.statement(), [])))
    assert _counts(await _import(portal, intraday)) == (1, 0, 0)
    assert [one.is_pending for one in await _all(portal, Transaction)] == [True]
    assert (await _account(portal)).balance == Decimal("0.00")
    booked = feeds.entry("-30.00", "Strom AG Abschlag", NEXT_DAY, end_to_end_id="E1")
    head = feeds.statement(NEXT_DAY, number=2, closing="-30.00")
    await _import(portal, feeds.camt_file(tmp_path / "2.xml", (head, [booked])))
    [one] = await _all(portal, Transaction)
    assert (one.is_pending, one.remittance_information) == (False, "Strom AG Abschlag")
    assert (await _account(portal)).balance == Decimal("-30.00")
    # The report again: its day is covered by a statement now.
    assert _counts(await _import(portal, intraday)) == (0, 1, 0)
    assert len(await _all(portal, Transaction)) == 1


async def test_an_entry_booked_within_the_day_replaces_the_pending_one(
    portal: Portal, tmp_path: Path
) -> None:
    pending = feeds.entry("-30.00", "Strom", is_pending=True)
    first = feeds.interim(feeds.statement(number=1))
    second = feeds.interim(feeds.statement(number=2))
    await _import(portal, feeds.camt_file(tmp_path / "1", (first, [pending, pending])))
    booked = replace(pending, is_pending=False)
    path = feeds.camt_file(tmp_path / "2", (second, [booked, pending]))
    assert _counts(await _import(portal, path)) == (1, 1, 0)
    assert sorted(one.is_pending for one in await _all(portal, Transaction)) == [False, True]


async def test_a_pending_entry_outlives_statements_that_end_before_it(
    portal: Portal, tmp_path: Path
) -> None:
    pending = feeds.entry("-30.00", "Strom", NEXT_DAY, is_pending=True)
    head = feeds.interim(feeds.statement(NEXT_DAY))
    await _import(portal, feeds.camt_file(tmp_path / "052.xml", (head, [pending])))
    await _import(portal, feeds.camt_file(tmp_path / "053.xml", (feeds.statement(), [])))
    assert [one.is_pending for one in await _all(portal, Transaction)] == [True]


async def test_a_notification_does_not_double_the_statement(portal: Portal, tmp_path: Path) -> None:
    paid = feeds.entry("12.00", "Gutschrift")
    head = feeds.statement(closing="12.00")
    told = feeds.interim(head, StatementKind.CAMT_054)
    notification = feeds.camt_file(tmp_path / "054.xml", (told, [paid]))
    statement = feeds.camt_file(tmp_path / "053.xml", (head, [paid]))
    assert _counts(await _import(portal, notification)) == (1, 0, 0)
    assert _counts(await _import(portal, statement)) == (1, 0, 0)
    assert _counts(await _import(portal, notification)) == (0, 1, 0)
    [one] = await _all(portal, Transaction)
    assert one.content_key is None


async def test_two_equal_payments_in_growing_reports_stay_two(
    portal: Portal, tmp_path: Path
) -> None:
    paid = feeds.entry("5.00", "gleich")
    for number, count in ((1, 1), (2, 2)):
        head = feeds.interim(feeds.statement(number=number))
        await _import(portal, feeds.camt_file(tmp_path / str(number), (head, [paid] * count)))
    assert len(await _all(portal, Transaction)) == 2


async def test_mt940_beside_camt_is_the_same_statement(portal: Portal, tmp_path: Path) -> None:
    head = feeds.statement(closing="12.00")
    entries = [feeds.entry("12.00", "Gutschrift")]
    await _import(portal, feeds.camt_file(tmp_path / "a.xml", (head, entries)))
    # As German banks write it: bank code and account number instead of the IBAN.
    local = AccountIdentification(None, "0001000001", "99999999")
    swift = replace(head, kind=StatementKind.MT940, account=local, statement_id="X")
    report = await _import(portal, feeds.mt940_file(tmp_path / "a.sta", (swift, entries)))
    assert _counts(report) == (0, 1, 0)
    assert _reasons(report) == ["the same statement is there already, from another format"]
    assert len(await _all(portal, Transaction)) == 1
    assert len(await _all(portal, SavingsAccount)) == 1


async def test_an_account_known_by_number_learns_its_iban(portal: Portal, tmp_path: Path) -> None:
    local = AccountIdentification(None, "0001000001", "99999999")
    swift = replace(feeds.statement(), kind=StatementKind.MT940, account=local, statement_id="X")
    await _import(portal, feeds.mt940_file(tmp_path / "a.sta", (swift, [])))
    assert (await _account(portal)).iban is None
    head = feeds.statement(NEXT_DAY, number=2)
    await _import(portal, feeds.camt_file(tmp_path / "a.xml", (head, [])))
    account = await _account(portal)
    assert (account.number, account.iban) == ("99999999/0001000001", feeds.IBAN)


async def test_a_bad_counterparty_iban_never_rejects(portal: Portal, tmp_path: Path) -> None:
    bad = feeds.entry("1.00", "x", counterparty_name="B", counterparty_iban="DE00XXXX1234")
    path = feeds.camt_file(tmp_path / "a.xml", (feeds.statement(closing="1.00"), [bad]))
    assert _counts(await _import(portal, path)) == (1, 0, 0)
    [one] = await _all(portal, Transaction)
    assert (one.counterparty_iban, one.counterparty_iban_is_valid) == ("DE00XXXX1234", False)


async def test_a_broken_entry_is_isolated(portal: Portal, tmp_path: Path) -> None:
    entries = [feeds.entry("1.00", "gut"), feeds.entry("2.00", "kaputt")]
    path = feeds.camt_file(tmp_path / "a.xml", (feeds.statement(closing="3.00"), entries))
    path.write_text(path.read_text().replace(">2.00<", ">zwei<"))
    report = await _import(portal, path)
    assert _counts(report) == (1, 0, 1)
    rejected = next(finding for finding in report.findings if finding.rejects)
    assert (rejected.record, rejected.line is not None) == ("statement 1, entry 2", True)


async def test_a_file_that_breaks_off_gives_its_entries_but_no_balance(
    portal: Portal, tmp_path: Path
) -> None:
    entries = [feeds.entry(f"{number}.00", f"Nr. {number}") for number in range(1, 6)]
    path = feeds.camt_file(tmp_path / "a.xml", (feeds.statement(closing="15.00"), entries))
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"Nr. 4")])
    assert (await _import(portal, path)).accepted == 3
    assert (await _account(portal)).balance is None
    [row] = await _all(portal, Statement)
    assert row.closing_balance is None
    path.write_bytes(content)
    assert _counts(await _import(portal, path)) == (2, 3, 0)
    assert (await _account(portal)).balance == Decimal("15.00")


async def test_a_csv_export_is_left_out_where_statements_cover_the_account(
    portal: Portal, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;"
        "Beguenstigter/Zahlungspflichtiger;Kontonummer;BLZ;Betrag;Waehrung;Info\n"
        f"{feeds.IBAN};20.11.26;20.11.26;GUTSCHRIFT;Text;Name;{feeds.OTHER_IBAN};;1,00;EUR;\n",
        encoding="utf-8",
    )
    await _import(portal, feeds.camt_file(tmp_path / "a.xml", (feeds.statement(), [])))
    report = await _import(portal, path)
    assert _counts(report) == (0, 0, 1)
    assert _reasons(report) == [
        "the bank's own statements cover this account: the export is left out"
    ]


async def test_amounts_that_no_column_holds_are_rejected(portal: Portal, tmp_path: Path) -> None:
    entries = [feeds.entry("1.00", "gut"), feeds.entry("1.00001", "zu genau")]
    path = feeds.camt_file(tmp_path / "a.xml", (feeds.statement(closing="2.00"), entries))
    report = await _import(portal, path)
    assert (report.accepted, report.rejected) == (1, 1)


async def test_statements_of_one_day_are_ordered_by_number(portal: Portal, tmp_path: Path) -> None:
    for number, closing in ((2, "7.00"), (1, "3.00")):
        head = feeds.statement(number=number, opening=closing, closing=closing)
        await _import(portal, feeds.camt_file(tmp_path / str(number), (head, [])))
    assert (await _account(portal)).balance == Decimal("7.00")
    assert (await _account(portal)).balance_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.csv",
            (
                "Auftragskonto;Buchungstag;Valutadatum;Verwendungszweck;Betrag;Waehrung\n"
                f"{feeds.IBAN};20.11.26;20.11.26;Miete;zehn;EUR\n"
            ),
        ),
        ("a.sta", ":20:X\n:28C:1/1\n:60F:C261119EUR0,00\n:62F:C261120EUR0,00\n-\n"),
        (
            "a.xml",
            (
                '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
                "<Stmt><Id>1</Id></Stmt></BkToCstmrStmt></Document>"
            ),
        ),
        ("manifest.json", '[{"id": "1", "sha256": "0", "file": "a.pdf", "subject": "Brief"}]'),
    ],
)
async def test_the_only_record_of_a_file_is_rejected_once(
    portal: Portal, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    report = await _import(portal, path)
    assert (_counts(report), report.records, report.is_usable) == ((0, 0, 1), 1, False)
