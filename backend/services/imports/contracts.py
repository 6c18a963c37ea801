"""GDV files into contracts: one record is a contract with its partners, account and mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from backend.feeds import gdv
from backend.feeds.findings import Finding
from backend.feeds.gdv.records import CANCELLED, LIVE
from backend.services.imports.contract_rows import contract_record
from backend.services.imports.institutions import InstitutionLookup
from backend.services.imports.store import store_contracts

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import ContractRecord

_CONTRACTS = 500


async def import_gdv(job: ImportJob, stream: BinaryIO) -> None:
    """Import a GDV file; a contract without readable 0200 is left out and reported.

    The institution is the one the operator named, else the insurer with the file's VU number.
    """
    reading = _GdvImport(job)
    async for batch in job.batches(stream, gdv.read(stream), _CONTRACTS):
        async with job.transaction() as session:
            for item in batch:
                await reading.take(session, item)
            await reading.flush(session)
    if not job.report.is_usable:
        reason = "there is no usable contract in the file"
        job.report.note(Finding(1, "0200", "Satzart", reason, rejects=True))


class _GdvImport:
    """The packages of one file while they pass by."""

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._institutions = InstitutionLookup(job)
        self._header: gdv.Header | None = None
        self._records: dict[tuple[int, str, str], ContractRecord] = {}
        self._odd_codes: set[str] = set()

    async def take(self, session: AsyncSession, item: gdv.Item | Finding) -> None:
        match item:
            case gdv.Header():
                self._header = item
            case gdv.Contract():
                await self._take_contract(session, item)
            case gdv.ContractFragment() | gdv.Trailer():
                # Its reader has reported already what is missing.
                return
            case _:
                self._job.report.note_in_feed(item)

    async def _take_contract(self, session: AsyncSession, contract: gdv.Contract) -> None:
        institution_id = await self._institutions.insurer(
            session,
            insurer_number=contract.insurer_number,
            sender=self._header.sender if self._header else "",
            line=contract.line,
        )
        if institution_id is None:
            self._job.report.rejected += 1
            return
        record = contract_record(contract, institution_id=institution_id, as_of=self._as_of())
        # A later version of a contract is another write: the first one must be there before.
        if record.key in self._records:
            await self.flush(session)
        self._records[record.key] = record
        self._note_oddities(contract)

    async def flush(self, session: AsyncSession) -> None:
        """Write what was gathered."""
        if self._records:
            await store_contracts(session, self._job, list(self._records.values()))
            self._records.clear()

    def _as_of(self) -> date | None:
        if self._header is None:
            return None
        described = self._header.period_to or self._header.period_from
        return described.latest() if described else None

    def _note_oddities(self, contract: gdv.Contract) -> None:
        policyholders = [partner for partner in contract.partners if partner.is_policyholder]
        if policyholders and not any(partner.customer_number for partner in policyholders):
            reason = "is blank: the contract belongs to no customer"
            self._job.report.note(Finding(contract.line, "0200", "Kundennummer", reason))
        if contract.partners and not policyholders:
            reason = "no partner is the policyholder (01)"
            self._job.report.note(Finding(contract.line, "0100", "Adresskennzeichen", reason))
        status = contract.status
        if status not in {"", LIVE, CANCELLED} and status not in self._odd_codes:
            self._odd_codes.add(status)
            reason = f"the code {status} is taken for a live contract, here and further on"
            self._job.report.note(Finding(contract.line, "0200", "Vertragsstatus", reason))
