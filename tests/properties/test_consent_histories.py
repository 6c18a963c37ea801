"""Random histories of a consent: whatever happens, no mail leaves after a withdrawal (F19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from backend.errors import ConfirmationRefusedError, TooManyAttemptsError
from backend.models.consents import ConsentDecision, ConsentPurpose
from backend.models.customers import CustomerNumber
from backend.services import consent_decisions
from backend.services.consent_texts import name_of, text_in_force
from backend.services.consents import list_consents
from backend.services.outbox_delivery import deliver_product_mails
from backend.services.product_information import send_mailing
from backend.services.sessions import authenticate
from tests import factories
from tests.consenting import links
from tests.properties.histories import live_histories
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from pathlib import Path

    from backend.clock import StoppedClock
    from backend.models.institutions import Institution
    from backend.services.sessions import Viewer
    from tests.portal import Portal

PURPOSE = ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL
STEPS = st.lists(
    st.sampled_from(("grant", "withdraw", "follow newest", "follow oldest", "send", "deliver")),
    max_size=14,
)


@dataclass
class Expected:
    """What the rule says, without its code."""

    state: str = "NOT_GRANTED"
    # Secrets of the links that were sent to this customer; only the last can be good.
    links: list[str] = field(default_factory=list)
    good: str | None = None
    waiting: int = 0
    sent: int = 0


@dataclass
class Consenting:
    """One customer, and what became of their mails."""

    portal: Portal
    viewer: Viewer
    institution: Institution
    mail: CaughtMail
    expected: Expected = field(default_factory=Expected)
    mailings: int = 0

    @property
    def consent_id(self) -> int:
        return self.viewer.customer_id * 64 + 1

    async def step(self, name: str) -> None:
        expected, house = self.expected, self.portal.house
        match name:
            case "grant":
                await self._grant()
            case "withdraw":
                await consent_decisions.withdraw_consent(
                    house, viewer=self.viewer, consent_id=self.consent_id
                )
                expected.state, expected.good = "NOT_GRANTED", None
            case "follow newest" | "follow oldest" if expected.links:
                secret = expected.links[-1 if name == "follow newest" else 0]
                await self._follow(secret)
            case "send":
                self.mailings += 1
                subject = f"Neu {self.mailings} {self.viewer.customer_id}"
                await send_mailing(house, self.institution, subject=subject, text="Text")
                expected.waiting += expected.state == "GRANTED"
            case "deliver":
                await deliver_product_mails(replace(house, mail=self.mail))
                expected.sent += expected.waiting if expected.state == "GRANTED" else 0
                expected.waiting = 0

    async def _grant(self) -> None:
        expected, house = self.expected, self.portal.house
        day = self.portal.clock.now().date()
        text = text_in_force(house, name_of(PURPOSE), self.viewer.locale, day=day)
        try:
            await consent_decisions.grant_consent(
                house,
                viewer=self.viewer,
                consent_id=self.consent_id,
                text_sha256=text.sha256,
                locale=self.viewer.locale,
            )
        except TooManyAttemptsError:
            return
        if expected.state != "GRANTED":
            expected.state = "PENDING"
            expected.links.append((await links(self.portal))[-1])
            expected.good = expected.links[-1]

    async def _follow(self, secret: str) -> None:
        expected = self.expected
        try:
            await consent_decisions.confirm_consent(
                self.portal.house, token=secret, client_address="192.0.2.1"
            )
            was_accepted = True
        except ConfirmationRefusedError:
            was_accepted = False
        assert was_accepted == (secret == expected.good)
        if was_accepted:
            expected.state, expected.good = "GRANTED", None


async def _customer(portal: Portal) -> Consenting:
    async with portal.transaction() as session:
        person = await factories.customer(session)
        user = await factories.user_account(session, person)
        institution = await factories.institution(session)
        session.add(
            CustomerNumber(
                institution_id=institution.id, number=str(person.id), customer_id=person.id
            )
        )
    token = await portal.sign_in(user)
    async with portal.transaction() as session:
        viewer = await authenticate(
            session, token=token, clock=portal.clock, policy=portal.house.policy
        )
    assert viewer is not None
    return Consenting(portal, viewer, institution, CaughtMail())


async def _log(portal: Portal, customer_id: int) -> list[tuple[int, str, str]]:
    async with portal.transaction() as session:
        rows = await session.scalars(
            select(ConsentDecision)
            .where(ConsentDecision.customer_id == customer_id)
            .order_by(ConsentDecision.id)
        )
        return [(row.id, row.state.name, row.decided_at.isoformat()) for row in rows]


async def _live(portal: Portal, steps: list[str]) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=20))
    one = await _customer(portal)
    log: list[tuple[int, str, str]] = []
    for step in [*steps, "deliver"]:
        await one.step(step)
        longer = await _log(portal, one.viewer.customer_id)
        assert longer[: len(log)] == log, "the log is only added to"
        log = longer
        to_them = [m for m in one.mail.sent if str(m["To"]) == one.viewer.email_address]
        assert len(to_them) == one.expected.sent, (step, one.expected)
    async with portal.transaction() as session:
        consents = await list_consents(session, customer_id=one.viewer.customer_id)
    assert consents[0].state.name == one.expected.state
    # The next customer's mailings reach nobody of before.
    await one.step("withdraw")


def test_F19_no_product_mail_leaves_after_a_withdrawal(
    database_url: str, tmp_path: Path, clock: StoppedClock
) -> None:
    live_histories(
        _live, STEPS, examples=40, database_url=database_url, folder=tmp_path, clock=clock
    )
