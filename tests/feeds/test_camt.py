"""camt.052, 053 and 054 of all versions: counts of every sample, and the fields."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from backend.feeds.bank_records import StatementEnd, StatementKind
from backend.feeds.camt import read_camt
from backend.feeds.findings import FeedError, Finding
from tests.feeds.bank import (
    Expected,
    entries_of,
    findings_of,
    read_file,
    statements_of,
    summary,
)
from tests.feeds.camt_files import ACCOUNT, details, document, entry

if TYPE_CHECKING:
    from pathlib import Path

# Worked out by hand from the files: entries per statement, then what opening + entries = closing
# says. camt.052 and 054 frame no entries; v3, v8 and minimal mix EUR and SEK balances.
SAMPLES = {
    "camt052.v1.xml": Expected((1,), (None,)),
    "camt052.v2.with-account-name.xml": Expected((1,), (None,), findings=1),
    "camt052.v2.xml": Expected((1,), (None,)),
    "camt052.v6.xml": Expected((1,), (None,), pending=1),
    "camt052.v8.xml": Expected((1,), (None,)),
    "camt053.v2.all-balance-types.xml": Expected((1,), (False,), findings=1),
    "camt053.v2.minimal.xml": Expected((1,), (False,), findings=1),
    "camt053.v2.multi.statement.xml": Expected((1, 1), (True, True)),
    "camt053.v3.xml": Expected((1,), (False,), findings=1),
    "camt053.v8.xml": Expected((1,), (False,), findings=1),
    "camt054.v2.xml": Expected((1,), (None,)),
    "camt054.v8.xml": Expected((1,), (None,)),
    "camt53.only-Dt-with-DtTm.xml": Expected((0,), (None,), findings=1),
}
REFUSED = {"camt053.v2.wrong.xml"}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_sample_gives_the_counts_worked_out_by_hand(name: str, samples: Path) -> None:
    events = read_file(read_camt, samples / "camt" / "genkgo" / name)

    assert summary(events) == SAMPLES[name]


def test_every_camt_sample_has_an_expectation(samples: Path) -> None:
    names = {path.name for path in (samples / "camt" / "genkgo").glob("*.xml")}

    assert names == set(SAMPLES) | REFUSED


def test_file_without_a_statement_is_an_error_and_no_empty_success(samples: Path) -> None:
    with pytest.raises(FeedError) as error:
        read_file(read_camt, samples / "camt" / "genkgo" / "camt053.v2.wrong.xml")

    assert error.value.finding == Finding(
        1, None, "Stmt/Rpt/Ntfctn", "there is no statement in it", rejects=True
    )


def test_version_2_fields_are_read(samples: Path) -> None:
    path = samples / "camt" / "genkgo" / "camt053.v2.multi.statement.xml"

    events = read_file(read_camt, path)

    first, second = statements_of(events)
    assert first.kind is StatementKind.CAMT_053
    assert first.account.iban == "NL26VAYB8060476890"
    assert (first.statement_id, first.sequence_number) == ("253EURNL26VAYB8060476890", 12312)
    assert (second.statement_id, second.sequence_number) == ("254EURNL26VAYB8060476890", None)
    assert first.opening is not None
    assert first.closing is not None
    assert (first.opening.amount, first.closing.amount) == (Decimal("18.15"), Decimal("27.00"))
    paid = entries_of(events)[1]
    assert (paid.amount, paid.currency) == (Decimal("-7.00"), "EUR")
    assert (paid.value_date, paid.booking_date) == (date(2015, 1, 2), date(2014, 12, 31))
    assert paid.counterparty_name == "Company Name 2"
    assert (paid.counterparty_iban, paid.counterparty_iban_is_valid) == ("NL56AGDH9619008421", True)
    assert (paid.end_to_end_id, paid.remittance_information) == (
        "000000002",
        "Transaction Description 2",
    )


def test_version_6_pending_entry_with_bicfi_is_read(samples: Path) -> None:
    events = read_file(read_camt, samples / "camt" / "genkgo" / "camt052.v6.xml")

    statement, pending = statements_of(events)[0], entries_of(events)[0]
    assert statement.is_interim
    assert (statement.servicer_bic, statement.page_number) == ("UBSWCHZH80A", 2)
    assert (pending.is_pending, pending.amount) == (True, Decimal(-200000))
    assert pending.account_servicer_reference == "ACSR160614165200001"
    assert pending.bank_transaction_code == "PMNT/RCDT/DMCT"
    assert isinstance(events[-1], StatementEnd)
    assert events[-1].booked_total == 0


def test_version_8_party_and_status_wrappers_are_read(samples: Path) -> None:
    events = read_file(read_camt, samples / "camt" / "genkgo" / "camt053.v8.xml")

    booked = entries_of(events)[0]
    assert (booked.is_pending, booked.counterparty_name) == (False, "NAME NAME")
    assert booked.end_to_end_id == "MUELL/FINP/RA12345"
    assert booked.remittance_information == "4654654654654654"
    assert booked.booking_date == date(2014, 12, 31)


def test_version_1_names_and_accounts_are_read(samples: Path) -> None:
    events = read_file(read_camt, samples / "camt" / "genkgo" / "camt052.v1.xml")

    statement = statements_of(events)[0]
    assert statement.account.iban == "CH2801234000123456789"
    assert (statement.servicer_name, statement.owner_name) == ("AAAA BANKEN", "FINPETROL")
    assert entries_of(events)[0].detail_count == 20


def test_batch_entry_stays_one_transaction_with_its_payments_as_details(samples: Path) -> None:
    events = read_file(read_camt, samples / "camt" / "genkgo" / "camt054.v8.xml")

    (batch,) = entries_of(events)
    assert batch.amount == Decimal(-200000)
    assert [detail.amount for detail in batch.details] == [
        Decimal("-3.10"),
        Decimal("-3.20"),
        Decimal("-3.20"),
    ]
    assert batch.details[0].counterparty_name == "Example Creditor 3 - V1"
    assert (batch.detail_count, batch.end_to_end_id, batch.counterparty_name) == (3, None, None)
    assert batch.remittance_information is not None
    assert batch.remittance_information.startswith("Unstructured Remittance Information V1; ISR")


def test_batch_details_over_the_limit_are_counted_and_reported() -> None:
    payment = "<TxDtls><Amt Ccy='EUR'>0.01</Amt></TxDtls>"
    batch = entry("15.00", extra=f"<NtryDtls>{payment * 1500}</NtryDtls>")

    events = list(read_camt(document(ACCOUNT + batch)))

    (found,) = entries_of(events)
    assert (found.amount, found.detail_count, len(found.details)) == (Decimal("15.00"), 1500, 1000)
    assert [finding.field for finding in findings_of(events)] == ["Ntry/NtryDtls", "balance"]


def test_reversal_keeps_the_roles_of_the_payment_it_takes_back() -> None:
    parties = (
        "<RltdPties><Dbtr><Pty><Nm>Wir</Nm></Pty></Dbtr>"
        "<Cdtr><Pty><Nm>Stadtwerk</Nm></Pty></Cdtr></RltdPties>"
    )
    returned = entry(extra="<RvslInd>true</RvslInd>" + details(parties))

    (found,) = entries_of(list(read_camt(document(ACCOUNT + returned))))

    assert (found.is_reversal, found.amount) == (True, Decimal("10.00"))
    assert found.counterparty_name == "Stadtwerk"


def test_masked_counterparty_iban_is_kept_as_given_and_not_valid() -> None:
    party = (
        "<RltdPties><DbtrAcct><Id><IBAN>DE44XXXXXXXXXXXXXX0001</IBAN></Id></DbtrAcct></RltdPties>"
    )

    events = list(read_camt(document(ACCOUNT + entry(extra=details(party)))))

    (found,) = entries_of(events)
    assert found.counterparty_iban == "DE44XXXXXXXXXXXXXX0001"
    assert found.counterparty_iban_is_valid is False
    assert not [finding for finding in findings_of(events) if finding.rejects]


def test_mandate_and_creditor_identifier_are_read() -> None:
    payment = (
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><MndtId>M-1</MndtId></Refs><RltdPties><Cdtr>"
        "<Pty><Id><PrvtId><Othr><Id>DE98ZZZ09999999999</Id></Othr></PrvtId></Id></Pty></Cdtr>"
        "</RltdPties>"
    )

    (found,) = entries_of(list(read_camt(document(ACCOUNT + entry(extra=details(payment))))))

    assert (found.mandate_id, found.creditor_id) == ("M-1", "DE98ZZZ09999999999")
    assert found.end_to_end_id is None


@pytest.mark.parametrize("version", [2, 3, 4, 5, 6, 7, 8, 10, 12, 13])
def test_every_version_is_read_by_its_namespace(version: int) -> None:
    events = list(read_camt(document(ACCOUNT + entry(), version=f"camt.053.001.{version:02}")))

    assert len(entries_of(events)) == 1


def test_prefix_instead_of_default_namespace_is_read() -> None:
    text = document(ACCOUNT + entry()).getvalue().decode()
    prefixed = text.replace("xmlns=", "xmlns:c=").replace("</", "</c:").replace("<", "<c:")
    prefixed = prefixed.replace("<c:/c:", "</c:").replace("<c:?", "<?")

    assert len(entries_of(list(read_camt(io.BytesIO(prefixed.encode()))))) == 1
