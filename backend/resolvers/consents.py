"""Resolve consents, delivery preferences and what was decided about both."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_id
from backend.models.consents import DeliveryChannel
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import (
    consent_decisions,
    consent_texts,
    consents,
    delivery,
    delivery_decisions,
    settings_history,
)
from backend.services.consent_decisions import ConsentConfirmed
from backend.services.consents import Consent
from backend.services.dated_texts import DatedText
from backend.services.delivery import DeliveryPreference
from backend.services.institutions import load_institutions
from backend.services.settings_history import Decision

WhichConsent = Annotated[strawberry.ID, strawberry.argument(description="Which one.")]
InLocale = Annotated[Locale, strawberry.argument(description="Language of the text.")]


async def list_consents(info: Info) -> Sequence[Consent]:
    """List every purpose with the viewer's decision."""
    async with info.context.transaction() as session:
        return await consents.list_consents(session, customer_id=info.context.signed_in.customer_id)


async def text_of(root: strawberry.Parent[Consent], info: Info, locale: InLocale) -> DatedText:
    """Return the text that one agrees to today."""
    context = info.context
    name = consent_texts.name_of(root.purpose)
    return consent_texts.text_in_force(context.house, name, locale, day=context.today)


async def list_delivery_preferences(info: Info) -> Sequence[DeliveryPreference]:
    """List how letters reach the viewer."""
    async with info.context.transaction() as session:
        return await delivery.list_delivery_preferences(
            session,
            customer_id=info.context.signed_in.customer_id,
            today=info.context.today,
            policy=info.context.house.policy,
        )


async def delivery_text_of(
    root: strawberry.Parent[DeliveryPreference], info: Info, locale: InLocale
) -> DatedText | None:
    """Return the text that one agrees to with digital letters, where that is needed."""
    context = info.context
    if not root.is_opt_in:
        return None
    institution: Institution = await context.load(load_institutions, root.institution_id)
    return consent_texts.text_in_force(
        context.house,
        consent_texts.APP_COMMUNICATION,
        locale,
        day=context.today,
        institution=institution.name,
    )


async def choose_delivery_channel(
    info: Info,
    institution: Annotated[strawberry.ID, strawberry.argument(description="Whose letters.")],
    channel: Annotated[DeliveryChannel, strawberry.argument(description="How they come.")],
    text: Annotated[
        str | None,
        strawberry.argument(
            description="SHA-256 of `DeliveryPreference.text`, where POSTBOX needs it."
        ),
    ] = None,
) -> DeliveryPreference:
    """Choose how letters come."""
    context = info.context
    return await delivery_decisions.choose_delivery_channel(
        context.house,
        viewer=context.signed_in,
        institution_id=decode_id(institution, "Institution"),
        channel=channel,
        text_sha256=text,
    )


async def list_decisions(
    info: Info, first: First = DEFAULT_PAGE, after: After = None
) -> Page[Decision]:
    """List what the viewer decided."""
    async with info.context.transaction() as session:
        return await settings_history.list_decisions(
            session, customer_id=info.context.signed_in.customer_id, first=first, after=after
        )


async def grant_consent(
    info: Info,
    consent: WhichConsent,
    text: Annotated[
        str, strawberry.argument(description="SHA-256 of the text that was shown: `Consent.text`.")
    ],
) -> Consent:
    """Give a consent."""
    context = info.context
    return await consent_decisions.grant_consent(
        context.house,
        viewer=context.signed_in,
        consent_id=decode_id(consent, "Consent"),
        text_sha256=text,
        locale=context.locale,
    )


async def withdraw_consent(info: Info, consent: WhichConsent) -> Consent:
    """Take a consent back."""
    return await consent_decisions.withdraw_consent(
        info.context.house,
        viewer=info.context.signed_in,
        consent_id=decode_id(consent, "Consent"),
    )


async def confirm_consent(
    info: Info,
    token: Annotated[str, strawberry.argument(description="What follows # in the link.")],
) -> ConsentConfirmed:
    """Follow the link of the mail."""
    return await consent_decisions.confirm_consent(
        info.context.house, token=token, client_address=info.context.client_address
    )


async def find_consent(session: AsyncSession, context: Context, consent_id: int) -> Consent | None:
    """Find a consent for `node`."""
    return await consents.find_consent(
        session, customer_id=context.signed_in.customer_id, consent_id=consent_id
    )
