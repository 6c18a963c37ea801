"""The dated rules of the business, read once from the policy file and asked by day (M4)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from backend.dated import Dated, Rules, Version, read_rules
from backend.policy_of_sending import (  # msgspec reads the annotations at run time
    Messages,  # noqa: TC001
    SelfAdded,  # noqa: TC001
    SupportRequests,  # noqa: TC001
    Uploads,  # noqa: TC001
)

if TYPE_CHECKING:
    from collections.abc import Iterator

R = TypeVar("R", bound=Rules)
_STARTS = ("mails_per_address_per_day", "starts_per_client_per_hour")
SHIPPED = Path(__file__).with_name("policy.toml")


class Registration(Rules, frozen=True, kw_only=True):
    """Who may register, and what that may cost (F1, F20, F21)."""

    mobile_regions: Dated[tuple[str, ...]]
    password_min_length: Dated[int]
    password_max_length: Dated[int]
    email_link_hours: Dated[int]
    mails_per_address_per_day: Dated[int]
    starts_per_client_per_hour: Dated[int]
    mails_of_all_per_day: Dated[int]
    tans_per_client_per_day: Dated[int]
    tans_per_block_per_hour: Dated[int]
    tans_of_all_per_day: Dated[int]
    activation_code_days: Dated[int]
    activation_code_attempts: Dated[int]
    links_per_account_per_hour: Dated[int]
    links_per_account_per_day: Dated[int]
    passkey_without_approval_minutes: Dated[int]


class SignIn(Rules, frozen=True, kw_only=True):
    """Limits of TANs, passwords and passkeys (F22)."""

    tan_minutes: Dated[int]
    tan_attempts: Dated[int]
    tan_attempts_per_hour: Dated[int]
    tan_attempts_per_day: Dated[int]
    tans_per_ten_minutes: Dated[int]
    tans_per_day: Dated[int]
    tans_per_account_per_day: Dated[int]
    tans_of_all_per_day: Dated[int]
    password_attempts_per_quarter_hour: Dated[int]
    password_attempts_per_client_per_quarter_hour: Dated[int]
    password_attempts_of_all_per_quarter_hour: Dated[int]
    passkey_attempts_per_client_per_quarter_hour: Dated[int]
    passkey_minutes: Dated[int]


class Recovery(Rules, frozen=True, kw_only=True):
    """Getting back in without weakening the two factors (X19)."""

    link_minutes: Dated[int]
    steps_minutes: Dated[int]
    mails_per_address_per_day: Dated[int]
    starts_per_client_per_hour: Dated[int]
    mails_of_all_per_day: Dated[int]
    passwords_per_account_per_hour: Dated[int]
    device_is_proof: Dated[bool]
    letter_days: Dated[int]
    letter_attempts: Dated[int]
    letters_per_period: Dated[int]
    letter_period_days: Dated[int]


class Approvals(Rules, frozen=True, kw_only=True):
    """How long an approval waits, and how many may be asked for (F22)."""

    minutes: Dated[int]
    opened_per_hour: Dated[int]


class Devices(Rules, frozen=True, kw_only=True):
    """Devices as a factor, and a new one approved by the old one (F103-F106, M8)."""

    most_per_account: Dated[int]
    proof_minutes: Dated[int]
    approval_from_old_device: Dated[bool]
    replace_minutes: Dated[int]
    replacements_per_hour: Dated[int]


class SessionLimits(Rules, frozen=True, kw_only=True):
    """How long a session lives."""

    idle_minutes: Dated[int]
    bank_idle_minutes: Dated[int]
    absolute_hours: Dated[int]


class Agreement(Rules, frozen=True, kw_only=True):
    """The user agreement (F5)."""

    withdrawal_days: Dated[int]


class Deletion(Rules, frozen=True, kw_only=True):
    """Deleting user accounts (F6)."""

    request_days: Dated[int]


class Retention(Rules, frozen=True, kw_only=True):
    """What the law keeps, and for how long (X13); kinds are those of documents."""

    accounting_records_years: Dated[int]
    accounting_documents: Dated[tuple[str, ...]]
    health_benefits_years: Dated[int]
    benefit_documents: Dated[tuple[str, ...]]
    phone_consent_years: Dated[int]
    withdrawal_proof_years: Dated[int]


class Mandate(Rules, frozen=True, kw_only=True):
    """SEPA direct debit mandates."""

    lapses_after_months: Dated[int]


class Endings(Rules, frozen=True, kw_only=True):
    """How many days before it ends something shows under "Zu erledigen"."""

    mandate_days: Dated[int]
    deposit_days: Dated[int]


class BankAccounts(Rules, frozen=True, kw_only=True):
    """Changing bank accounts here, by kind of institution (F36, F67, F88)."""

    changeable: Dated[tuple[str, ...]]
    payout_in_own_name: Dated[tuple[str, ...]]
    days_ahead: Dated[int]
    shown_minutes: Dated[int]


class PersonalDetails(Rules, frozen=True, kw_only=True):
    """Changing personal details here: with which kinds of institution, and from when (F38, F88)."""

    address: Dated[tuple[str, ...]]
    name: Dated[tuple[str, ...]]
    days_ahead: Dated[int]


class Contracts(Rules, frozen=True, kw_only=True):
    """Which contracts show (F39-F46)."""

    natural_salutations: Dated[tuple[int, ...]]


class PostboxRules(Rules, frozen=True, kw_only=True):
    """How letters are delivered and when they count as such (F27, F107, X6, X7)."""

    digital_from_registration: Dated[tuple[str, ...]]
    opt_in: Dated[tuple[str, ...]]
    bounce_days: Dated[int]
    deemed_announced_days: Dated[int]
    objection_months: Dated[int]


class Consents(Rules, frozen=True, kw_only=True):
    """Confirming a consent by a link (F19)."""

    link_hours: Dated[int]
    mails_per_day: Dated[int]


class Export(Rules, frozen=True, kw_only=True):
    """Taking one's data along (X12)."""

    per_hour: Dated[int]


class Claims(Rules, frozen=True, kw_only=True):
    """What may be handed in, as what and how much (F50, F56), and keys that it is sealed to."""

    photos: Dated[tuple[str, ...]]
    pdf_upload: Dated[tuple[str, ...]]
    images: Dated[tuple[str, ...]]
    desktop_browsers: Dated[tuple[str, ...]]
    e_invoices: Dated[tuple[str, ...]]
    health_kinds: Dated[tuple[str, ...]]
    travel_health_kinds: Dated[tuple[str, ...]]
    largest_megabytes: Dated[int]
    pages: Dated[int]
    documents_per_account_per_day: Dated[int]
    per_account_per_day: Dated[int]
    kept_hours: Dated[int]
    sealed_kept_days: Dated[int]
    key_days: Dated[int]
    key_overlap_days: Dated[int]
    key_grace_days: Dated[int]


class Submissions(Rules, frozen=True, kw_only=True):
    """How long a core system may take to answer, by how it is reached (M2)."""

    answer_hours: Dated[int]
    answer_hours_by_file: Dated[int]


class HealthCard(Rules, frozen=True, kw_only=True):
    """The substitute certificate (F117, F119)."""

    valid_days: Dated[int]
    per_year: Dated[int]


class Clients(Rules, frozen=True, kw_only=True):
    """Oldest browsers served (F15-F17)."""

    minimum_browsers: Dated[tuple[str, ...]]


class Policy(Rules, frozen=True, kw_only=True):
    """All rules; `policy.session.idle_minutes.on(day)` is the value of one."""

    registration: Registration
    sign_in: SignIn
    recovery: Recovery
    approvals: Approvals
    devices: Devices
    session: SessionLimits
    agreement: Agreement
    deletion: Deletion
    mandate: Mandate
    endings: Endings
    bank_accounts: BankAccounts
    personal_details: PersonalDetails
    contracts: Contracts
    postbox: PostboxRules
    consents: Consents
    export: Export
    retention: Retention
    claims: Claims
    uploads: Uploads
    messages: Messages
    support_requests: SupportRequests
    self_added: SelfAdded
    submissions: Submissions
    health_card: HealthCard
    clients: Clients

    def values_on(self, day: date) -> Iterator[tuple[str, object]]:
        """Yield every rule as ("session.idle_minutes", value) for the texts of the help."""
        for section in self.__struct_fields__:
            rules: Rules = getattr(self, section)
            for name in rules.__struct_fields__:
                yield f"{section}.{name}", getattr(rules, name).on(day)

    def with_plenty_of_tans(self) -> Policy:
        """Return the same rules for the sandbox, whose text messages cost nothing."""
        eased = {
            "sign_in": _with_plenty(
                self.sign_in, "tans_per_ten_minutes", "tans_per_day", "tans_per_account_per_day"
            ),
            "registration": _with_plenty(
                self.registration, *_STARTS, "tans_per_client_per_day", "tans_per_block_per_hour"
            ),
            "recovery": _with_plenty(self.recovery, *_STARTS),
        }
        return replace(self, **eased)


def _with_plenty(rules: R, *names: str) -> R:
    plenty = Version(from_date=date(2025, 1, 1), value=1000, source="decision 0008")
    return replace(rules, **dict.fromkeys(names, Dated(plenty)))


def load_policy(path: Path | None = None) -> Policy:
    """Read and check the policy file; a wrong one stops the start with the place of the fault."""
    with (path or SHIPPED).open("rb") as file:
        return read_rules(Policy, tomllib.load(file))
