"""Bank statements (camt, MT940, CSV) into transactions and balances of savings accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.bank_csv import read_bank_csv
from backend.feeds.bank_records import Entry, Statement, StatementEnd, StatementKind
from backend.feeds.camt import read_camt
from backend.feeds.findings import Finding
from backend.feeds.mt940 import read_mt940
from backend.services.imports.bank_contracts import find_account, open_account
from backend.services.imports.institutions import InstitutionLookup
from backend.services.ledgers import HOUSE
from backend.services.ledgers.entries import EntryWriter
from backend.services.ledgers.statements import (
    close_statement,
    is_imported_in_another_format,
    missing_numbers,
    open_statement,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import BankEvent
    from backend.services.imports.job import ImportJob
    from backend.services.ledgers import KnownAccount


async def import_camt(job: ImportJob, stream: BinaryIO) -> None:
    """Import camt.052, .053 or .054."""
    await _import(job, stream, read_camt)


async def import_mt940(job: ImportJob, stream: BinaryIO) -> None:
    """Import MT940 or MT942."""
    await _import(job, stream, read_mt940)


async def import_csv(job: ImportJob, stream: BinaryIO) -> None:
    """Import the CSV export of a bank; the accounts it names are the bank's own."""
    await _import(job, stream, read_bank_csv)


async def _import(
    job: ImportJob, stream: BinaryIO, read: Callable[[BinaryIO], Iterator[BankEvent]]
) -> None:
    reading = _BankImport(job)
    async for batch in job.batches(stream, read(stream)):
        async with job.transaction() as session:
            for event in batch:
                await reading.take(session, event)
            await reading.flush(session)


class _BankImport:
    """The statements of one file while they pass by.

    Entries are committed batch by batch; the statement gets its closing balance, and with it the
    account, only when all of them are there.
    """

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._institutions = InstitutionLookup(job)
        self._reported: set[int] = set()
        # None while the entries that follow are left out; `_counts_as_known` says how they count.
        self._writer: EntryWriter | None = None
        self._counts_as_known = False
        self._statement_id: int | None = None

    async def take(self, session: AsyncSession, event: BankEvent | Finding) -> None:
        match event:
            case Statement():
                await self._begin(session, event)
            case Entry() if self._writer is not None:
                self._writer.add(event)
            case Entry() if self._counts_as_known:
                self._job.report.duplicates += 1
            case Entry():
                self._job.report.rejected += 1
            case StatementEnd():
                await self._end(session, event)
            case Finding():
                self._job.report.note_in_feed(event)

    async def flush(self, session: AsyncSession) -> None:
        """Write the entries gathered."""
        if self._writer is not None:
            await self._writer.flush(session)

    async def _begin(self, session: AsyncSession, statement: Statement) -> None:
        self._writer = None
        self._counts_as_known = False
        institution_id = await self._institutions.bank(session, statement)
        if institution_id is None:
            return
        account = await find_account(
            session, institution_id=institution_id, account=statement.account
        )
        if account is None:
            account = await open_account(
                session, self._job, institution_id=institution_id, statement=statement
            )
        self._report_without_holder(statement, account)
        if statement.kind is StatementKind.CSV and account.balance_on is not None:
            reason = "the bank's own statements cover this account: the export is left out"
            self._note(statement, "account", reason)
            return
        if await is_imported_in_another_format(session, HOUSE, account.id, statement):
            reason = "the same statement is there already, from another format"
            self._note(statement, "balance", reason)
            self._counts_as_known = True
            self._job.report.statements += 1
            return
        self._statement_id = None
        if statement.kind is not StatementKind.CSV:
            self._statement_id = await open_statement(
                session, HOUSE, account_id=account.id, statement=statement, now=self._job.now
            )
            self._job.report.statements += 1
        self._writer = EntryWriter(HOUSE, self._job.report, account, statement, self._statement_id)

    async def _end(self, session: AsyncSession, end: StatementEnd) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        await writer.flush(session)
        if self._statement_id is None:
            return
        await close_statement(
            session, HOUSE, self._job.report, writer.account, end.statement, self._statement_id
        )
        missing = await missing_numbers(session, HOUSE, writer.account.id, end.statement)
        if missing is not None:
            self._note(end.statement, "number", missing)

    def _report_without_holder(self, statement: Statement, account: KnownAccount) -> None:
        if not account.has_holder and account.id not in self._reported:
            self._reported.add(account.id)
            reason = "no holder known: nobody sees this account yet"
            self._note(statement, "account", reason)

    def _note(self, statement: Statement, field: str, reason: str) -> None:
        self._job.report.note(Finding(statement.line, "statement", field, reason))
