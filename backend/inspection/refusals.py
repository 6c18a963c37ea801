"""Why a customer's file is refused; light enough for every process to load."""

from __future__ import annotations

import enum


class UploadRefusal(enum.Enum):
    """Why a file went no further than quarantine; `texts` has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    TYPE_MISMATCH = "type_mismatch"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    HIDDEN_CONTENT = "hidden_content"
    MALWARE = "malware"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    EMBEDDED_FILE = "embedded_file"
    TOO_COMPLEX = "too_complex"
    NOT_OF_PHOTOS = "not_of_photos"
    NO_BANK_FILE = "no_bank_file"
    UNUSABLE_STATEMENT = "unusable_statement"
    NO_ENTRIES = "no_entries"
    TOO_MANY_ENTRIES = "too_many_entries"
    CHECK_FAILED = "check_failed"


class FileRefusedError(Exception):
    """The file breaks a rule."""

    def __init__(self, refusal: UploadRefusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
