"""Submissions as tests make and follow them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import structs
from msgspec.structs import replace
from sqlalchemy import select

from backend.group import CoreSystem
from backend.message_signatures import SignedMessage, sign_message
from backend.models.submissions import Submission, SubmissionKind, SubmissionState, SubmissionStep
from backend.services.submissions import submit
from backend.signatures import SigningKey
from backend.web.core import PATH
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import httpx
    from sqlalchemy.ext.asyncio import AsyncSession

    from tests.portal import Portal

BY_HTTP = CoreSystem(channel="http", url="https://core.test/events")
BY_FILE = CoreSystem(channel="files")
# The key with which the core systems of the tests sign; never used outside of them.
CORE_KEY = SigningKey(bytes(range(32)))
PAYLOAD = {"iban": "DE43999999990001000001", "holder": "Anna Beispiel"}
SUBJECT = "Bankverbindung geändert: DE43 •••• 0001"


@dataclass
class CaughtCore:
    """Port CoreSystems: keeps what comes; `refuses` is raised instead, once for each."""

    events: list[dict[str, Any]] = field(default_factory=list)
    refuses: list[Exception] = field(default_factory=list)
    when_called: Callable[[], Awaitable[None]] | None = None

    async def transmit(self, url: str, event: bytes, idempotency_key: str) -> None:
        assert url == BY_HTTP.url
        if self.refuses:
            raise self.refuses.pop(0)
        content = json.loads(event)
        assert content["id"] == idempotency_key
        self.events.append(content)
        if self.when_called is not None:
            await self.when_called()


def signing_core(key_id: str = "sach-1") -> CoreSystem:
    """Return a core system by HTTP whose answers are believed."""
    return structs.replace(BY_HTTP, keys={key_id: CORE_KEY.public_key.hex()})


async def answer(
    portal: Portal,
    content: object,
    *,
    core: CoreSystem,
    key: SigningKey = CORE_KEY,
    nonce: str | None = None,
    **changes: Any,
) -> httpx.Response:
    """Send an answer as a core system does; `changes` are made after it was signed."""
    body = json.dumps(content).encode()
    headers = {"Content-Type": "application/json"}
    message = SignedMessage("POST", f"{portal.house.settings.public_url}{PATH}", headers, body)
    sign_message(
        message,
        key,
        key_id=next(iter(core.keys)),
        now=changes.pop("created", portal.clock.now()),
        nonce=nonce or secrets.token_hex(8),
    )
    headers |= changes.pop("headers", {})
    return await portal.client.post(PATH, content=changes.pop("body", body), headers=headers)


def connect(portal: Portal, core: CoreSystem | None, key: str = "sach") -> None:
    """Say how an institution's core system is reached."""
    group = portal.house.group
    institutions = tuple(
        structs.replace(one, core=core) if one.key == key else one for one in group.institutions
    )
    house = replace(portal.house, group=structs.replace(group, institutions=institutions))
    portal.app.state.house = house
    # The portal of a test is frozen so that nobody replaces it by accident.
    object.__setattr__(portal, "house", house)


async def submitted(
    portal: Portal, customer_id: int, *, key: str = "sach", **values: Any
) -> Submission:
    """Submit a change of a bank account, in a transaction of its own."""
    async with portal.transaction() as session:
        return await submit_in(session, portal, customer_id, key=key, **values)


async def submit_in(
    session: AsyncSession,
    portal: Portal,
    customer_id: int,
    *,
    key: str = "sach",
    payload: Mapping[str, object] = PAYLOAD,
    subject: str = SUBJECT,
    kind: SubmissionKind = SubmissionKind.BANK_ACCOUNT_CHANGED,
    contract_id: int | None = None,
) -> Submission:
    """Submit a change of a bank account."""
    return await submit(
        session,
        portal.house,
        customer_id=customer_id,
        institution_id=(await factories.institution(session, key)).id,
        kind=kind,
        subject=subject,
        payload=payload,
        contract_id=contract_id,
    )


async def reload(portal: Portal, submission: Submission) -> Submission:
    """Return the row as it is now."""
    async with portal.transaction() as session:
        return await session.get_one(Submission, submission.id)


async def steps_of(portal: Portal, submission: Submission) -> list[SubmissionState]:
    """Return the states a submission went through, in order."""
    async with portal.transaction() as session:
        found = await session.scalars(
            select(SubmissionStep.state)
            .where(SubmissionStep.submission_id == submission.id)
            .order_by(SubmissionStep.id)
        )
        return list(found)
