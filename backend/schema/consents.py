"""GraphQL types for consents and delivery preferences, and deciding about them."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models import consents as models
from backend.models.user_accounts import Locale
from backend.paging import Page
from backend.resolvers import consents as resolvers
from backend.schema.fields import attribute, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.refusals import (
    ConfirmationRefused,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)
from backend.services import consent_decisions, consents, delivery
from backend.services.consent_texts import load_kept_texts
from backend.services.dated_texts import DatedText
from backend.services.institutions import load_institutions


@strawberry.type(description="A text that one can agree to, in one language.")
class ConsentText:
    locale: Locale = attribute(SIGNED_IN, "Its language.")
    version: str = attribute(SIGNED_IN, "Name of the version, the same in all languages.")
    start_date: date = attribute(SIGNED_IN, "The first day on which it holds.")
    title: str = attribute(SIGNED_IN, "Its heading.")
    text: str = attribute(
        SIGNED_IN,
        "All of it as plain text: a blank line parts paragraphs, `# ` marks the title.",
    )
    sha256: str = attribute(SIGNED_IN, "SHA-256 of `text` in UTF-8: what a customer agrees to.")

    is_type_of = represents(DatedText)


@strawberry.type(description="Where the viewer stands on one purpose; each is decided on its own.")
class Consent(Node):
    id: strawberry.ID = node_id("Consent")
    purpose: models.ConsentPurpose = attribute(SIGNED_IN, "What it is about.")
    state: models.ConsentState = attribute(SIGNED_IN, "NOT_GRANTED unless the viewer agreed.")
    decided_at: datetime | None = attribute(
        SIGNED_IN, "When the viewer last decided; null if never."
    )
    text: ConsentText = field(SIGNED_IN, resolvers.text_of, "The text in force today.")

    is_type_of = represents(consents.Consent)


@strawberry.type(description="How letters of one institution reach the viewer.")
class DeliveryPreference:
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Whose letters.", key="institution_id"
    )
    channel: models.DeliveryChannel = attribute(
        SIGNED_IN,
        "PAPER adds a printed letter; the copy in the postbox is there either way, unless "
        "`isOptIn`.",
    )
    since: datetime | None = attribute(
        SIGNED_IN,
        "Since when: the viewer's choice, or the registration; null for paper by default.",
    )
    is_opt_in: bool = attribute(
        SIGNED_IN,
        "Whether letters come digitally only once the viewer agrees to `text`; PAPER then means "
        "paper alone.",
    )
    text: ConsentText | None = field(
        SIGNED_IN,
        resolvers.delivery_text_of,
        "What one agrees to with POSTBOX today; null where nothing has to be agreed to.",
    )

    is_type_of = represents(delivery.DeliveryPreference)


@strawberry.type(description="What was decided once about a consent; it never changes.")
class ConsentDecision:
    purpose: models.ConsentPurpose = attribute(SIGNED_IN, "What it is about.")
    state: models.ConsentState = attribute(SIGNED_IN, "What was decided.")
    decided_through: models.DecisionChannel = attribute(SIGNED_IN, "Through what.")
    decided_at: datetime = attribute(SIGNED_IN, "When.")
    agreed_text: ConsentText | None = relation(
        SIGNED_IN,
        load_kept_texts,
        "The text that it is about, word for word; null for entries older than its record.",
        key="text_sha256",
    )

    is_type_of = represents(models.ConsentDecision)


@strawberry.type(description="A delivery channel that was chosen once; it never changes.")
class DeliveryDecision:
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "Whose letters.", key="institution_id"
    )
    channel: models.DeliveryChannel = attribute(SIGNED_IN, "How they come since then.")
    decided_at: datetime = attribute(SIGNED_IN, "When.")
    agreed_text: ConsentText | None = relation(
        SIGNED_IN,
        load_kept_texts,
        "The text that was agreed to with it, word for word; null where none is needed.",
        key="text_sha256",
    )

    is_type_of = represents(models.DeliveryDecision)


SettingsDecision = Annotated[
    ConsentDecision | DeliveryDecision,
    strawberry.union("SettingsDecision", description="What the viewer decided."),
]


@strawberry.type(description="A decision in a list.")
class SettingsDecisionEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: SettingsDecision = attribute(SIGNED_IN, "The decision.")


@strawberry.type(description="A page of decisions.")
class SettingsDecisionConnection:
    edges: list[SettingsDecisionEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[SettingsDecision] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many there are in all.")

    is_type_of = represents(Page)


@strawberry.type(description="The link of the mail was followed: the consent counts.")
class ConsentConfirmed:
    purpose: models.ConsentPurpose = attribute(PUBLIC, "What was agreed to.")

    is_type_of = represents(consent_decisions.ConsentConfirmed)


GrantConsentResult = Annotated[
    Consent | InvalidInput | NotFound | TooManyAttempts | NotSignedIn,
    strawberry.union("GrantConsentResult", description="The consent, or a refusal."),
]
WithdrawConsentResult = Annotated[
    Consent | NotFound | NotSignedIn,
    strawberry.union("WithdrawConsentResult", description="The consent, or a refusal."),
]
ConfirmConsentResult = Annotated[
    ConsentConfirmed | ConfirmationRefused | TooManyAttempts,
    strawberry.union("ConfirmConsentResult", description="What counts now, or a refusal."),
]


ChooseDeliveryChannelResult = Annotated[
    DeliveryPreference | InvalidInput | NotFound | NotSignedIn,
    strawberry.union("ChooseDeliveryChannelResult", description="What holds now, or a refusal."),
]


@strawberry.type
class ConsentMutations:
    grant_consent: GrantConsentResult = mutation(
        SIGNED_IN,
        resolvers.grant_consent,
        "Give a consent; by e-mail it is PENDING until the link in the mail is followed.",
    )
    withdraw_consent: WithdrawConsentResult = mutation(
        SIGNED_IN, resolvers.withdraw_consent, "Take a consent back; it counts at once."
    )
    confirm_consent: ConfirmConsentResult = mutation(
        PUBLIC,
        resolvers.confirm_consent,
        "Confirm a consent by the token of the link that came by mail.",
    )
    choose_delivery_channel: ChooseDeliveryChannelResult = mutation(
        SIGNED_IN,
        resolvers.choose_delivery_channel,
        "Choose how letters of an institution come, from the next one on.",
    )
