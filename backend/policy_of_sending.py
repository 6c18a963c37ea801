"""The sections of the policy about what customers send and keep here."""

from __future__ import annotations

from backend.dated import Dated, Rules


class Uploads(Rules, frozen=True, kw_only=True):
    """What a file of a customer may be, by kind of institution, and how much of it."""

    images: Dated[tuple[str, ...]]
    pdf: Dated[tuple[str, ...]]
    largest_megabytes: Dated[int]
    megapixels: Dated[int]
    pdf_megapixels: Dated[int]
    pdf_pages: Dated[int]
    pdf_objects: Dated[int]
    pdf_decoded_megabytes: Dated[int]
    per_account_per_day: Dated[int]
    kept_hours: Dated[int]


class Messages(Rules, frozen=True, kw_only=True):
    """How much a customer may write (F84)."""

    per_account_per_day: Dated[int]


class SupportRequests(Rules, frozen=True, kw_only=True):
    """How much may be sent to the support desk (F125)."""

    per_account_per_day: Dated[int]


class SelfAdded(Rules, frozen=True, kw_only=True):
    """How much of other companies a customer may add (F9), and which companies are suggested."""

    contracts: Dated[int]
    documents_per_contract: Dated[int]
    accounts: Dated[int]
    entries_per_account: Dated[int]
    entries_per_file: Dated[int]
    statement_megabytes: Dated[int]
    known_companies: Dated[tuple[str, ...]]
