"""10,000 requests for text messages: what is sent stays within budgets, good customers are served.

The budget of all registrations is set to 500 a day here, so that it is reached; the others are
those that ship.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from attack.flood import flood, from_client, request_of
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.registrations import Registration
from backend.services.sessions import hash_token
from tests.approving import ask, send
from tests.registering import SEND_TAN, START, ask_for_tan, complete, confirm_address, form
from tests.signing_in import PASSWORD, SIGN_IN_WITH_PASSWORD, last_tan, person
from tests.signing_in import ask_for_tan as sign_in

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from attack.tally import Tally
    from attack.target import Target

REQUESTS = 10_000
BUDGET = 500
_SHIPPED = Path(__file__).parents[1] / "backend" / "policy.toml"
_ACCOUNTS = 20


def policy_file() -> Path:
    """Write the shipped rules with a budget that an attack can reach."""
    rules = _SHIPPED.read_text(encoding="utf-8")
    head, _, registration = rules.partition("[registration]")
    pattern = re.compile(r"(tans_of_all_per_day = \[\{ from = 2025-01-01, value = )\d+")
    changed, found = pattern.subn(rf"\g<1>{BUDGET}", registration, count=1)
    if found != 1:
        raise SystemExit("the policy has no budget for registrations")
    path = Path(tempfile.mkdtemp(prefix="kundenportal-attack-")) / "policy.toml"
    path.write_text(f"{head}[registration]{changed}", encoding="utf-8")
    return path


async def attack(target: Target, tally: Tally, requests: int = REQUESTS) -> None:
    """Ask by one number, one block, one client, own accounts and many of everything."""
    rules, sign_in_rules = target.house.policy.registration, target.house.policy.sign_in
    today = target.clock.now().date()
    share = requests // 10
    start = await _sent(target)
    await _pump(
        target, tally, "one number, many clients", _numbers(1, 1, 0), share,
        budget=sign_in_rules.tans_per_ten_minutes.on(today),
    )  # fmt: skip
    await _pump(
        target, tally, "one block of numbers, many clients", _numbers(200, 1, 1), share,
        budget=rules.tans_per_block_per_hour.on(today),
    )  # fmt: skip
    await _pump(
        target, tally, "one client, many blocks of numbers", _numbers(200, 200, 1000), share,
        clients=1, budget=rules.tans_per_client_per_day.on(today),
    )  # fmt: skip
    await _own_accounts(target, tally, share)
    await _start_registrations(target, tally, share // 2)
    already = await _sent(target) - start
    await _pump(
        target, tally, "many of everything", _numbers(1000, 500, 2000), requests - share * 9 // 2,
        budget=BUDGET,
    )  # fmt: skip
    total = await _sent(target) - start
    allowed = BUDGET + _ACCOUNTS * sign_in_rules.tans_per_ten_minutes.on(today)
    tally.bound(f"{total} messages sent in all (bound {allowed})", holds=total <= allowed)
    tally.count(f"{already} of them before many of everything were tried")
    await _good_customers(target, tally)


async def _pump(
    target: Target,
    tally: Tally,
    how: str,
    numbers: list[str],
    requests: int,
    *,
    budget: int,
    clients: int = 1000,
) -> None:
    """Ask for TANs of registrations whose addresses are the attacker's own, hence proved."""
    before = await _sent(target)
    registrations = await _registrations(target, numbers)
    offset = secrets.randbelow(2**22)

    def all_of_them() -> Iterator[bytes]:
        for number in range(requests):
            given = {"registration": registrations[number % len(registrations)]}
            client = from_client(offset + number % clients)
            yield request_of(SEND_TAN, {"input": given}, client)

    kinds = await flood(target.port, all_of_them())
    sent = await _sent(target) - before
    tally.count(f"{how}: {_shown(kinds)}")
    tally.bound(f"{how}: {sent} sent (bound {budget})", holds=0 < sent <= budget)


async def _own_accounts(target: Target, tally: Tally, requests: int) -> None:
    """Sign in to accounts whose passwords the attacker knows, for the message alone."""
    before = await _sent(target)
    for number in range(_ACCOUNTS):
        await person(target, f"eigen{number}@example.org", phone_number=f"+4366412{number:06}")
    given = [
        {"emailAddress": f"eigen{number}@example.org", "password": PASSWORD}
        for number in range(_ACCOUNTS)
    ]
    kinds = await flood(
        target.port,
        (
            request_of(
                SIGN_IN_WITH_PASSWORD, {"input": given[number % _ACCOUNTS]}, from_client(number)
            )
            for number in range(requests)
        ),
    )
    sent = await _sent(target) - before
    rules = target.house.policy.sign_in
    budget = _ACCOUNTS * rules.tans_per_ten_minutes.on(target.clock.now().date())
    tally.count(f"{_ACCOUNTS} accounts of the attacker's: {_shown(kinds)}")
    tally.bound(f"own accounts: {sent} sent (bound {budget})", holds=0 < sent <= budget)


async def _start_registrations(target: Target, tally: Tally, requests: int) -> None:
    """Start registrations without ever reading the mail: that sends no text message."""
    before = await _sent(target)
    forms = [await form(target, emailAddress=f"neu{number}@example.org") for number in range(50)]
    kinds = await flood(
        target.port,
        (
            request_of(START, {"input": forms[number % 50]}, from_client(number))
            for number in range(requests)
        ),
    )
    sent = await _sent(target) - before
    tally.count(f"registrations started: {_shown(kinds)}")
    tally.bound(f"registrations started: {sent} sent (bound 0)", holds=sent == 0)


async def _good_customers(target: Target, tally: Tally) -> None:
    """Sign in, approve, and register a day later, all with a TAN that arrives."""
    account = await person(target, "gut@example.org", phone_number="+436767654321")
    signing_in = (await sign_in(target, "gut@example.org"))["__typename"]
    tally.bound(f"a good customer signs in: {signing_in}", holds=signing_in == "TanRequired")
    token = await target.sign_in(account)
    given = {"emailAddress": "besser@example.org"}
    approval = (await ask(target, "changeEmailAddress", given, token=token))["id"]
    asked = await send(target, "requestApprovalTan", {"approval": approval}, token=token)
    tally.bound(
        f"a good customer approves: {asked['__typename']}",
        holds=asked["__typename"] == "ApprovalTanSent",
    )
    target.clock.travel_to(target.clock.now() + timedelta(days=1, hours=3))
    secret = await confirm_address(target, emailAddress="morgen@example.org")
    await ask_for_tan(target, secret)
    registered = (await complete(target, secret, await last_tan(target)))["__typename"]
    tally.bound(f"a good customer registers tomorrow: {registered}", holds=registered == "SignedIn")


async def _registrations(target: Target, numbers: list[str]) -> list[str]:
    """Write registrations as the link in the mail leaves them, one for each number."""
    template = await confirm_address(
        target, emailAddress=f"vorlage{secrets.token_hex(4)}@example.org"
    )
    values = {column.key: column for column in Registration.__table__.columns}
    async with target.transaction() as session:
        row = (
            await session.execute(
                select(*values.values()).where(Registration.secret_hash == hash_token(template))
            )
        ).one()
        given = dict(zip(values, row, strict=True))
        del given["id"]
        found = [secrets.token_urlsafe(32) for _ in numbers]
        await session.execute(
            insert(Registration),
            [
                given
                | {
                    "secret_hash": hash_token(secret),
                    "link_hash": hash_token(f"link {secret}"),
                    "phone_number": number,
                }
                for secret, number in zip(found, numbers, strict=True)
            ],
        )
    return found


def _numbers(count: int, blocks: int, first_block: int) -> list[str]:
    """Return mobile numbers spread over blocks of 10,000."""
    return [
        f"+49157{first_block + number % blocks:04}{number // blocks:04}" for number in range(count)
    ]


async def _sent(target: Target) -> int:
    counting = select(func.count()).where(OutboxMessage.topic == OutboxTopic.SMS)
    async with target.transaction() as session:
        return await session.scalar(counting) or 0


def _shown(kinds: Counter[str]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
