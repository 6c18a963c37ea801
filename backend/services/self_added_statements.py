"""Bank files of customers onto the accounts with other banks that they are about (F9)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import func, select

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, SelfAddedLimitError
from backend.feeds.bank_jsonl import BrokenLineError, from_line
from backend.feeds.bank_records import (
    AccountIdentification,
    Entry,
    Statement,
    StatementEnd,
    StatementKind,
)
from backend.feeds.findings import Finding
from backend.inspection.bank_files import UNNAMED
from backend.models.self_added_accounts import SelfAddedTransaction
from backend.models.uploads import UploadPurpose, UploadState
from backend.ports import DocumentVersion
from backend.services.accepted_uploads import take_accepted, use_up
from backend.services.documents import VERSION
from backend.services.ibans import require_iban
from backend.services.ledgers import SELF_ADDED, KnownAccount
from backend.services.ledgers.entries import EntryWriter
from backend.services.ledgers.statements import (
    close_statement,
    is_imported_in_another_format,
    load_periods,
    missing_numbers,
    open_statement,
)
from backend.services.self_added_contracts import lock_customer
from backend.services.self_added_documents import drop_objects
from backend.services.self_added_findings import StatementFinding, told_finding
from backend.services.self_added_identity import AccountBook, follow_chain
from backend.services.uploads import find_upload
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import BankEvent
    from backend.models.self_added_accounts import SelfAddedAccount
    from backend.models.uploads import Upload
    from backend.services.self_added_documents import SelfAddedHouse
    from backend.services.sessions import Viewer

BATCH = 500
_UPLOAD = ("upload",)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class AccountAddition:
    """What a file brought to one account: entries that are new, and such as were there already.

    The days are the first and the last on which it lists a booking.
    """

    account: SelfAddedAccount
    accepted: int = 0
    duplicates: int = 0
    first_day: date | None = None
    last_day: date | None = None
    findings: list[StatementFinding] = field(default_factory=list)

    def note(self, finding: Finding) -> None:
        """List a finding."""
        self.findings.append(told_finding(finding))

    note_in_feed = note

    def reach(self, day: date) -> None:
        """Count a day among those that are listed."""
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)


class StatementAddition(Value):
    """What a file brought, account by account, and what was odd about it."""

    accounts: list[AccountAddition]
    findings: list[StatementFinding]


async def add_account_statement(
    house: SelfAddedHouse, *, viewer: Viewer, upload_id: int, iban: str
) -> StatementAddition:
    """Take over what an accepted bank file says: all of it or nothing (F9).

    Accounts that nobody added yet are opened, others continued; what is there already stays as it
    is (`ledgers.entries`), so that the same file twice changes nothing. The file itself goes.
    `iban` is only asked for where an export does not name its account; else it may be empty.

    Raises:
        InvalidInputError: the file is not accepted (yet), gives nothing, or names no account.
        HouseAccountError: the house keeps one of its accounts for the viewer.
        SelfAddedLimitError: more accounts, or more entries of one, than the policy allows.
        StoreUnavailableError, KeyStoreUnavailableError: again later; nothing was changed.
    """
    told = require_iban(iban).compact if iban.strip() else None
    content = await _read(house, viewer, upload_id)
    async with database.writing(house.sessions) as session:
        await lock_customer(session, viewer.customer_id)
        [upload] = await take_accepted(
            session,
            customer_id=viewer.customer_id,
            upload_ids=[upload_id],
            purpose=UploadPurpose.ACCOUNT_STATEMENT,
            path=_UPLOAD,
            now=house.clock.now(),
        )
        book = await AccountBook.open(session, house, viewer, told_iban=told)
        adding = _Adding(session, house, book)
        for number, event in enumerate(_events(content), start=1):
            await adding.take(event)
            if number % BATCH == 0:
                await adding.flush()
        added = await adding.finish()
        await use_up(session, [upload])
    await drop_objects(house, [upload.object_key] if upload.object_key else [])
    return added


async def _read(house: SelfAddedHouse, viewer: Viewer, upload_id: int) -> bytes:
    """Return what the inspection made of the file; the transaction then asks who may use it."""
    async with database.reading(house.sessions) as session:
        upload = await find_upload(session, customer_id=viewer.customer_id, upload_id=upload_id)
    if upload is None or not _is_usable(upload):
        return b""
    uid = str(upload.object_key).rpartition("/")[2]
    version = DocumentVersion(upload.key_owner, uid, VERSION)
    chunks = await house.cipher.open_decrypted(house.objects, str(upload.object_key), version)
    return b"".join([chunk async for chunk in chunks])


def _is_usable(upload: Upload) -> bool:
    is_statement = upload.purpose is UploadPurpose.ACCOUNT_STATEMENT
    return is_statement and upload.state is UploadState.ACCEPTED


def _events(content: bytes) -> Iterator[BankEvent]:
    for line in content.splitlines():
        try:
            yield from_line(line)
        except BrokenLineError as error:
            _log.error("account_statement_line_broken", exc_info=error)
            raise InvalidInputError(FieldProblem(_UPLOAD, "field.file_not_accepted")) from error


class _Adding:
    """The statements of one file while they pass by."""

    def __init__(self, session: AsyncSession, house: SelfAddedHouse, book: AccountBook) -> None:
        self._session = session
        self._house = house
        self._book = book
        self._additions: dict[int, AccountAddition] = {}
        self._findings: list[StatementFinding] = []
        # None while the entries that follow are there already, in another format.
        self._writer: EntryWriter | None = None
        self._current: AccountAddition | None = None
        self._statement_id: int | None = None

    async def take(self, event: BankEvent) -> None:
        match event:
            case Statement():
                await self._begin(event)
            case Entry() if self._current is not None:
                self._current.reach(event.booking_date)
                if self._writer is None:
                    self._current.duplicates += 1
                else:
                    self._writer.add(event)
            case StatementEnd():
                await self._end(event)
            case Finding():
                self._findings.append(told_finding(event))

    async def flush(self) -> None:
        """Write the entries gathered."""
        if self._writer is not None:
            await self._writer.flush(self._session)

    async def _begin(self, statement: Statement) -> None:
        account = await self._book.account_of(_named(statement, self._book.told_iban))
        self._current = self._additions.setdefault(account.id, AccountAddition(account))
        self._writer = self._statement_id = None
        if await is_imported_in_another_format(self._session, SELF_ADDED, account.id, statement):
            return
        if statement.kind is not StatementKind.CSV:
            self._statement_id = await open_statement(
                self._session,
                SELF_ADDED,
                account_id=account.id,
                statement=statement,
                now=self._house.clock.now(),
            )
        periods = await load_periods(self._session, SELF_ADDED, account.id)
        known = KnownAccount(account.id, account.balance_on, has_holder=True, periods=periods)
        self._writer = EntryWriter(SELF_ADDED, self._current, known, statement, self._statement_id)

    async def _end(self, end: StatementEnd) -> None:
        writer, self._writer = self._writer, None
        if writer is None or self._current is None:
            return
        await writer.flush(self._session)
        if self._statement_id is None:
            return
        statement = end.statement
        await close_statement(
            self._session, SELF_ADDED, self._current, writer.account, statement, self._statement_id
        )
        self._current.account.balance_on = writer.account.balance_on
        missing = await missing_numbers(self._session, SELF_ADDED, writer.account.id, statement)
        if missing is not None:
            self._current.note(Finding(statement.line, "statement", "number", missing))

    async def finish(self) -> StatementAddition:
        """Check what came of it and bring the accounts up to date."""
        policy = self._house.policy.self_added
        most = policy.entries_per_account.on(berlin_today(self._house.clock))
        additions = list(self._additions.values())
        for addition in additions:
            account = addition.account
            await self._session.flush()
            await follow_chain(self._session, account)
            await self._session.refresh(account)
            known = await self._session.scalar(
                select(func.count(SelfAddedTransaction.id)).where(
                    SelfAddedTransaction.added_account_id == account.id
                )
            )
            if (known or 0) > most:
                raise SelfAddedLimitError("entries", most)
        if not any(one.accepted + one.duplicates or one.account.balance_on for one in additions):
            raise InvalidInputError(FieldProblem(_UPLOAD, "field.statement_gives_nothing"))
        findings = [*self._findings, *(one for each in additions for one in each.findings)]
        return StatementAddition(additions, findings)


def _named(statement: Statement, told_iban: str | None) -> Statement:
    if statement.account.number != UNNAMED:
        return statement
    if told_iban is None:
        raise InvalidInputError(FieldProblem(("iban",), "field.account_not_named"))
    return replace(statement, account=AccountIdentification(told_iban))
