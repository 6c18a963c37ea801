"""One press in the mail program ends product information, and notices offer no such thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiosmtplib.email import flatten_message
from msgspec.structs import replace
from sqlalchemy import select

from backend.models.consents import ConsentDecision
from backend.models.customers import CustomerNumber
from backend.services.outbox_delivery import deliver_product_mails
from backend.services.product_information import send_mailing
from tests import factories
from tests.consenting import EMAIL, agree_by_email, consents_of, history
from tests.leaving import delete_account
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

PRESS = b"List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _customer(portal: Portal, name: str = "anna") -> UserAccount:
    async with portal.transaction() as session:
        person = await factories.customer(session, name)
        institution = await factories.institution(session)
        session.add(
            CustomerNumber(institution_id=institution.id, number=name, customer_id=person.id)
        )
        return await factories.user_account(session, person, email_address=f"{name}@example.org")


async def _mails(portal: Portal, *people: UserAccount) -> list[EmailMessage]:
    caught = CaughtMail()
    house = replace(portal.house, mail=caught)
    portal.app.state.house = house
    for one in people:
        await agree_by_email(portal, await portal.sign_in(one))
    async with portal.transaction() as session:
        institution = await factories.institution(session)
    await send_mailing(house, institution, subject="Neu", text="Ab morgen.")
    caught.sent.clear()
    await deliver_product_mails(house)
    return sorted(caught.sent, key=lambda mail: str(mail["To"]))


def _path(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<https://portal\.test(/abbestellen/[\w-]+)>", mail["List-Unsubscribe"])
    assert found is not None
    return found[1]


async def _press(portal: Portal, path: str, body: bytes = PRESS) -> int:
    response = await portal.client.post(path, content=body, headers=FORM)
    return response.status_code


async def _decisions(portal: Portal) -> Sequence[ConsentDecision]:
    async with portal.transaction() as session:
        rows = await session.scalars(select(ConsentDecision).order_by(ConsentDecision.id))
        return rows.all()


async def test_F19_one_press_in_the_mail_program_ends_product_information(portal: Portal) -> None:
    anna, bert = await _customer(portal), await _customer(portal, "bert")
    mail, _ = await _mails(portal, anna, bert)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = _path(mail)
    for _ in range(2):
        assert await _press(portal, path) == 200
    token = await portal.sign_in(anna)
    assert (await consents_of(portal, token))[EMAIL]["state"] == "NOT_GRANTED"
    entries = [(one["state"], one["decidedThrough"]) for one in await history(portal, token)]
    assert entries[0] == ("NOT_GRANTED", "EMAIL_LINK")
    assert len(entries) == 3
    others = await consents_of(portal, await portal.sign_in(bert))
    assert others[EMAIL]["state"] == "GRANTED"


async def test_F19_the_address_arrives_as_it_was_written(portal: Portal) -> None:
    (mail,) = await _mails(portal, await _customer(portal))
    (line,) = re.findall(rb"^List-Unsubscribe: (.*)\r\n", flatten_message(mail), re.MULTILINE)
    assert line.decode() == mail["List-Unsubscribe"]
    assert len(line) < 300


async def test_F19_looking_at_the_address_ends_nothing(portal: Portal) -> None:
    (mail,) = await _mails(portal, await _customer(portal))
    path = _path(mail)
    before = len(await _decisions(portal))
    shown = await portal.client.get(path)
    assert shown.status_code == 303
    assert shown.headers["location"] == "/profil/einstellungen/einwilligungen"
    for body in (b"", b"List-Unsubscribe=Never", b"x" * 5000):
        assert await _press(portal, path, body) in (400, 413)
    assert len(await _decisions(portal)) == before


async def test_F19_a_token_that_was_not_given_out_ends_nothing(portal: Portal) -> None:
    anna = await _customer(portal)
    (mail,) = await _mails(portal, anna)
    path = _path(mail)
    before = len(await _decisions(portal))
    other = await portal.house.sealer.seal(b"x", b"outbox:x")
    for token in ("A", "ä", "AAAA", path[-40:], f"{path[13:-1]}!", other.hex()):
        assert await _press(portal, f"/abbestellen/{token}") == 404
    assert len(await _decisions(portal)) == before


async def test_F19_who_has_left_is_not_found_by_it(portal: Portal) -> None:
    anna = await _customer(portal)
    (mail,) = await _mails(portal, anna)
    await delete_account(portal, anna)
    assert await _press(portal, _path(mail)) == 200
    assert await _decisions(portal) == []
