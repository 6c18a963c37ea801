"""Master data of savings accounts: one JSON object a line, findings by line and field."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.feeds.accounts_jsonl import (
    AccountRecord,
    MandateStatus,
    SavingsProduct,
    account_line,
    read_accounts,
)
from backend.feeds.findings import FeedError, Finding

HOLDER: dict[str, Any] = {
    "customer_number": "100001",
    "salutation": "2",
    "surname": "Beispiel",
    "first_name": "Anna",
    "birth_date": "1984-03-12",
    "street": "Musterweg 1",
    "postal_code": "70173",
    "city": "Stuttgart",
    "country": "DE",
    "phone": None,
    "email": None,
}
ACCOUNT: dict[str, Any] = {
    "iban": "DE43 9999 9999 0001 0000 01",
    "bic": "MUSTDEFFXXX",
    "product": "CALL_MONEY",
    "product_name": "Tagesgeld",
    "currency": "EUR",
    "opened_on": "2020-01-31",
    "closed_on": None,
    "interest_rate": 2.25,
    "maturity_on": None,
    "holders": [HOLDER],
    "payout_account": {"iban": "DE16999999990001000002", "bic": None, "holder": "Anna Beispiel"},
    "direct_debit": {
        "mandate_reference": "M-1",
        "creditor_identifier": "DE98ZZZ09999999999",
        "signed_on": "2020-01-31",
        "iban": "DE16999999990001000002",
        "holder": "Anna Beispiel",
        "last_used_on": "2026-10-01",
        "status": "ACTIVE",
    },
    "updated_at": "2026-11-20T06:00:00+01:00",
}


def read(*accounts: Any) -> list[AccountRecord | Finding]:
    text = "\n".join(json.dumps(account, ensure_ascii=False) for account in accounts)
    return list(read_accounts(io.BytesIO(text.encode())))


def test_account_is_read() -> None:
    (record,) = read(ACCOUNT)

    assert isinstance(record, AccountRecord)
    assert (record.line, record.iban) == (1, "DE43999999990001000001")
    assert (record.product, record.interest_rate) == (SavingsProduct.CALL_MONEY, Decimal("2.25"))
    assert record.opened_on == date(2020, 1, 31)
    assert record.updated_at == datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    (holder,) = record.holders
    assert (holder.customer_number, holder.salutation, holder.surname) == (
        "100001",
        "2",
        "Beispiel",
    )
    assert record.payout_account is not None
    assert record.payout_account.iban == "DE16999999990001000002"
    assert record.direct_debit is not None
    assert (record.direct_debit.status, record.direct_debit.last_used_on) == (
        MandateStatus.ACTIVE,
        date(2026, 10, 1),
    )


def test_joint_account_has_its_holders_in_order() -> None:
    other = HOLDER | {"customer_number": "100002", "salutation": "1", "first_name": "Jonas"}

    (record,) = read(ACCOUNT | {"holders": [HOLDER, other]})

    assert isinstance(record, AccountRecord)
    assert [holder.customer_number for holder in record.holders] == ["100001", "100002"]


def test_F68_account_without_mandate_and_payout_account_is_fine() -> None:
    (record,) = read(ACCOUNT | {"direct_debit": None, "payout_account": None})

    assert isinstance(record, AccountRecord)
    assert (record.direct_debit, record.payout_account) == (None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"iban": "DE44999999990001000001"}, "iban"),
        ({"iban": None}, "iban"),
        ({"bic": "MUST"}, "bic"),
        ({"product": "CURRENT"}, "product"),
        ({"product_name": ""}, "product_name"),
        ({"currency": "Euro"}, "currency"),
        ({"opened_on": "31.01.2020"}, "opened_on"),
        ({"closed_on": "2019-01-01"}, "closed_on"),
        ({"interest_rate": "viel"}, "interest_rate"),
        ({"interest_rate": True}, "interest_rate"),
        ({"interest_rate": 101}, "interest_rate"),
        ({"maturity_on": "2026-02-30"}, "maturity_on"),
        ({"holders": []}, "holders"),
        ({"holders": [HOLDER, HOLDER]}, "holders"),
        ({"holders": ["Anna"]}, "holders[0]"),
        ({"holders": [HOLDER | {"salutation": "9"}]}, "holders[0].salutation"),
        ({"holders": [HOLDER | {"birth_date": "1984"}]}, "holders[0].birth_date"),
        ({"payout_account": ACCOUNT["payout_account"] | {"iban": "DE"}}, "payout_account.iban"),
        ({"direct_debit": ACCOUNT["direct_debit"] | {"status": "?"}}, "direct_debit.status"),
        ({"updated_at": "2026-11-20T06:00:00"}, "updated_at"),
    ],
)
def test_wrong_field_is_a_finding_and_the_other_lines_come_through(
    change: dict[str, Any], field: str
) -> None:
    found = read(ACCOUNT | change, ACCOUNT)

    assert isinstance(found[0], Finding)
    assert (found[0].line, found[0].record, found[0].field) == (1, "account 1", field)
    assert isinstance(found[-1], AccountRecord)


def test_line_that_is_no_json_is_a_finding() -> None:
    text = f"not json\n\n{json.dumps(ACCOUNT)}\n[1]\n"

    found = list(read_accounts(io.BytesIO(text.encode())))

    assert [type(item) for item in found if isinstance(item, AccountRecord)] == [AccountRecord]
    assert found[0] == Finding(
        1, "account 1", "JSON", "the line is no JSON object in UTF-8", rejects=True
    )
    assert {item.line for item in found if isinstance(item, Finding)} == {1, 4}


@pytest.mark.parametrize("text", [b"", b"x\n", b"{}\n"])
def test_file_without_usable_account_is_an_error(text: bytes) -> None:
    with pytest.raises(FeedError, match="accounts is usable"):
        list(read_accounts(io.BytesIO(text)))


def test_written_line_is_read_back() -> None:
    (record,) = read(ACCOUNT)
    assert isinstance(record, AccountRecord)

    assert list(read_accounts(io.BytesIO(account_line(record).encode()))) == [record]
