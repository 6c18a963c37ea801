"""Which institution a feed belongs to: named by the operator, told by the file, or new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from backend.errors import DomainError
from backend.feeds.findings import Finding
from backend.models.institutions import Institution, InstitutionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Statement
    from backend.services.imports.job import ImportJob

_BIC_OF_INSTITUTION = 8


class UnknownInstitutionKeyError(DomainError):
    """The operator named an institution that is not there; `known` are those that are."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(f"unknown institution {key!r}; known: {', '.join(known)}")
        self.key = key
        self.known = known


async def require_institution(session: AsyncSession, key: str) -> Institution:
    """Return the institution of a key.

    Raises:
        UnknownInstitutionKeyError: there is none.
    """
    institutions = (await session.scalars(select(Institution).order_by(Institution.id))).all()
    for institution in institutions:
        if institution.key == key:
            return institution
    raise UnknownInstitutionKeyError(key, [institution.key for institution in institutions])


class InstitutionLookup:
    """Finds institutions for one file and remembers what it found.

    An institution that the group does not list is created or refused, as the group's file says
    (`unknown_institution`); either way the report tells.
    """

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._found: dict[str, int | None] = {}

    async def insurer(
        self, session: AsyncSession, *, insurer_number: str, sender: str, line: int
    ) -> int | None:
        """Return the id of the insurer with this VU number, None if it is refused."""
        number = insurer_number.strip().lstrip("0")
        if number in self._found:
            return self._found[number]
        found = await self._chosen(session)
        if found is None:
            rows = await session.scalars(
                select(Institution).where(Institution.kind == InstitutionKind.INSURER)
            )
            # One that an import created is met below, so that the finding recurs.
            listed = self._listed_keys
            found = next((row for row in rows if row.key in listed and _has(row, number)), None)
        if found is None:
            institution = Institution(
                key=f"vu-{_slug(number) or 'unknown'}",
                name=sender.strip() or f"VU {number}",
                kind=InstitutionKind.INSURER,
                insurer_number=insurer_number.strip() or None,
            )
            finding = Finding(line, "0001", "VU-Nummer", "is not an insurer of the group")
            found = await self._unknown(session, institution, finding)
        self._found[number] = found.id if found else None
        return self._found[number]

    async def bank(self, session: AsyncSession, statement: Statement) -> int | None:
        """Return the id of the bank that keeps a statement's account, None if it is refused."""
        bic = (statement.servicer_bic or "")[:_BIC_OF_INSTITUTION]
        bank_code = statement.account.key.split("/")[1] if "/" in statement.account.key else ""
        known_as = bic or bank_code
        if known_as in self._found:
            return self._found[known_as]
        found = await self._chosen(session) or await self._bank_of_the_group(session, bic)
        if found is None:
            institution = Institution(
                key=f"bank-{_slug(known_as) or 'unknown'}",
                name=statement.servicer_name or f"Bank {known_as}".strip(),
                kind=InstitutionKind.BANK,
                bic=statement.servicer_bic,
            )
            finding = Finding(statement.line, "statement", "servicer", "is not a bank of the group")
            found = await self._unknown(session, institution, finding)
        self._found[known_as] = found.id if found else None
        return self._found[known_as]

    async def only_bank(self, session: AsyncSession, line: int) -> int | None:
        """Return the id of the bank of a feed that names none: the chosen or the only one."""
        if "" not in self._found:
            found = await self._chosen(session) or await self._bank_of_the_group(session, "")
            self._found[""] = found.id if found else None
            if found is None:
                reason = "the group has several banks or none: name it with --institution"
                self._job.report.note(Finding(line, None, "institution", reason, rejects=True))
        return self._found[""]

    @property
    def _listed_keys(self) -> set[str]:
        return {entry.key for entry in self._job.house.group.institutions}

    async def _chosen(self, session: AsyncSession) -> Institution | None:
        if self._job.institution_key is None:
            return None
        return await require_institution(session, self._job.institution_key)

    async def _bank_of_the_group(self, session: AsyncSession, bic: str) -> Institution | None:
        banks = (
            await session.scalars(
                select(Institution).where(Institution.kind == InstitutionKind.BANK)
            )
        ).all()
        if bic:
            for bank in banks:
                if (bank.bic or "").startswith(bic):
                    return bank
        own = [bank for bank in banks if bank.key in self._listed_keys]
        return own[0] if len(own) == 1 else None

    async def _unknown(
        self, session: AsyncSession, institution: Institution, finding: Finding
    ) -> Institution | None:
        """Write an institution that the group does not list, unless it refuses such."""
        if self._job.house.group.unknown_institution == "refuse":
            reason = f"{finding.reason}: its records are refused"
            self._job.report.note(replace(finding, reason=reason))
            return None
        reason = f"{finding.reason}: institution {institution.key} stands for it"
        self._job.report.note(replace(finding, reason=reason))
        query = select(Institution).where(Institution.key == institution.key)
        known = await session.scalar(query)
        if known is not None:
            return known
        session.add(institution)
        await session.flush()
        return institution


def _has(institution: Institution, number: str) -> bool:
    return bool(number) and (institution.insurer_number or "").strip().lstrip("0") == number


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
