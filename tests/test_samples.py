"""Every sample file of the four formats imports, or is refused naming line and field."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from backend.services.imports import import_file
from backend.services.statistics import count_everything

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.statistics import Statistics
    from tests.portal import Portal

TODAY = date(2026, 11, 21)
FORMATS = ("gdv", "camt", "mt940", "csv")


@dataclass(frozen=True)
class Imported:
    """What is in a fresh database after the file: contracts, or accounts with transactions.

    `findings` include that the insurer is not in the group, and that nobody holds an account.
    """

    feed_format: str
    accepted: int
    partners: int = 0
    visible: int = 0
    accounts: int = 0
    statements: int = 0
    pending: int = 0
    rejected: int = 0
    findings: int = 0


@dataclass(frozen=True)
class Refused:
    """Where the first finding points that says why the file gives nothing."""

    feed_format: str | None
    line: int
    field: str


NO_FEED = Refused(None, 1, "format")

TABLE: dict[str, Imported | Refused] = {
    "gdv/Bender_Leben.GDV": Imported("gdv", 3, partners=3, findings=5),
    "gdv/LICENSE.txt": NO_FEED,
    "gdv/Leben_Wagnis2_Riester.GDV": Imported("gdv", 1, partners=1, findings=3),
    "gdv/musterdatei_041222.txt": Imported("gdv", 14, partners=14, visible=14, findings=1),
    "gdv/satz/Satz0100030.txt": Refused("gdv", 3, "Satzart"),
    "gdv/satz/Satz0123.txt": Refused("gdv", 1, "Satzart"),
    "gdv/satz/Satz0220051.txt": Refused("gdv", 2, "Satzart"),
    "gdv/satz/Satz0221030.txt": Refused("gdv", 3, "Satzart"),
    "gdv/satz/Test_import_0220_020_1-satz-kaput.txt": Refused("gdv", 4, "Satzart"),
    "gdv/satz/testcase_0220_010_13.txt": Imported("gdv", 1, partners=3, visible=1, findings=2),
    "gdv/satz220.020.txt": Refused("gdv", 3, "Satzart"),
    "gdv/satz220.030.txt": Refused("gdv", 3, "Satzart"),
    "gdv/satz220.20.fehlerhaft.txt": Refused("gdv", 3, "Satznummer"),
    "gdv/spec/VUVM2018.xml": NO_FEED,
    "gdv/spec/VUVM2023.xml": NO_FEED,
    "gdv/spec/fields-2023-selected.md": NO_FEED,
    "gdv/teildatensatz_wechsel.gdv": Imported("gdv", 2, findings=4),
    "gdv/test_issue13.txt": Refused("gdv", 3, "Satzart"),
    "gdv/zwei_datenpakete.txt": Imported("gdv", 19, partners=19, visible=19, findings=8),
    "camt/genkgo/LICENSE": NO_FEED,
    "camt/genkgo/camt052.v1.xml": Imported("camt", 1, statements=1, accounts=1, findings=1),
    "camt/genkgo/camt052.v2.with-account-name.xml": Imported(
        "camt", 1, statements=1, accounts=1, findings=2
    ),
    "camt/genkgo/camt052.v2.xml": Imported("camt", 1, statements=1, accounts=1, findings=1),
    "camt/genkgo/camt052.v6.xml": Imported(
        "camt", 1, statements=1, pending=1, accounts=1, findings=1
    ),
    "camt/genkgo/camt052.v8.xml": Imported("camt", 1, statements=1, accounts=1, findings=1),
    "camt/genkgo/camt053.v2.all-balance-types.xml": Imported(
        "camt", 1, statements=1, accounts=1, findings=2
    ),
    "camt/genkgo/camt053.v2.minimal.xml": Imported("camt", 1, statements=1, accounts=1, findings=2),
    "camt/genkgo/camt053.v2.multi.statement.xml": Imported(
        "camt", 2, statements=2, accounts=1, findings=1
    ),
    "camt/genkgo/camt053.v2.wrong.xml": Refused("camt", 1, "Stmt/Rpt/Ntfctn"),
    "camt/genkgo/camt053.v3.xml": Imported("camt", 1, statements=1, accounts=1, findings=2),
    "camt/genkgo/camt053.v8.xml": Imported("camt", 1, statements=1, accounts=1, findings=2),
    "camt/genkgo/camt054.v2.xml": Imported("camt", 1, statements=1, accounts=1, findings=1),
    "camt/genkgo/camt054.v8.xml": Imported("camt", 1, statements=1, accounts=1, findings=1),
    "camt/genkgo/camt53.only-Dt-with-DtTm.xml": Imported(
        "camt", 0, statements=1, accounts=1, findings=2
    ),
    "mt940/jejik/LICENSE.fixtures.txt": NO_FEED,
    "mt940/jejik/LICENSE.txt": NO_FEED,
    "mt940/jejik/commerzbank.txt": Imported("mt940", 1, statements=1, accounts=1, findings=2),
    "mt940/jejik/generic.txt": Imported("mt940", 2, statements=2, accounts=1, findings=1),
    "mt940/jejik/ing-dos.txt": Imported("mt940", 7, statements=1, accounts=1, findings=2),
    "mt940/jejik/lbbw.txt": Imported("mt940", 2, statements=1, accounts=1, findings=1),
    "mt940/jejik/oldenburgischelandesbank.txt": Imported(
        "mt940", 1, statements=1, accounts=1, findings=2
    ),
    "mt940/jejik/sparkasse.txt": Imported("mt940", 2, statements=2, accounts=1, findings=1),
    "mt940/jejik/sparkasse2.txt": Imported("mt940", 1, statements=1, accounts=1, findings=2),
    "mt940/wolph/LICENSE": NO_FEED,
    "mt940/wolph/betterplace/LICENSE": NO_FEED,
    "mt940/wolph/betterplace/empty_86.sta": Refused("mt940", 1, ":20:"),
    "mt940/wolph/betterplace/missing_crlf_at_end.sta": Refused("mt940", 1, ":20:"),
    "mt940/wolph/betterplace/sepa_snippet.sta": Imported(
        "mt940", 11, statements=2, accounts=2, findings=3
    ),
    "mt940/wolph/betterplace/sepa_snippet_broken.sta": Refused("mt940", 6, ":25:"),
    "mt940/wolph/betterplace/with_binary_character.sta": Imported(
        "mt940", 4, statements=2, accounts=2, findings=2
    ),
    "mt940/wolph/cmxl/LICENSE": NO_FEED,
    "mt940/wolph/cmxl/mt940.sta": Imported("mt940", 16, statements=3, accounts=3, findings=3),
    "mt940/wolph/self-provided/empty_non_swift.sta": Refused("mt940", 1, ":20:"),
    "mt940/wolph/self-provided/february_30.sta": Imported(
        "mt940", 1, statements=1, accounts=1, findings=2
    ),
    "mt940/wolph/self-provided/gv_codes.sta": Imported(
        "mt940", 2, statements=1, accounts=1, findings=2
    ),
    "mt940/wolph/self-provided/invalid_statement.sta": NO_FEED,
    "mt940/wolph/self-provided/malformed_details.sta": Imported(
        "mt940", 1, statements=1, accounts=1, findings=2
    ),
    "mt940/wolph/self-provided/overly_long_details.sta": Imported(
        "mt940", 1, statements=1, accounts=1, findings=2
    ),
    "mt940/wolph/self-provided/raphaelm.sta": Imported(
        "mt940", 9, statements=3, accounts=2, findings=2
    ),
    "mt940/wolph/self-provided/sparkassen.sta": Refused("mt940", 1, ":20:"),
    "csv/LICENSE.txt": NO_FEED,
    "csv/comdirect-style-Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV": Imported(
        "csv", 1, accounts=1, findings=1
    ),
    "csv/sparkasse-camt-v1-20180226-umsatz.CSV": Imported("csv", 1, accounts=1, findings=1),
}

# A few of each format on PostgreSQL, too.
ON_POSTGRESQL = (
    "gdv/musterdatei_041222.txt",
    "gdv/zwei_datenpakete.txt",
    "gdv/satz/testcase_0220_010_13.txt",
    "camt/genkgo/camt053.v8.xml",
    "camt/genkgo/camt052.v6.xml",
    "mt940/wolph/cmxl/mt940.sta",
    "mt940/wolph/betterplace/with_binary_character.sta",
    "csv/sparkasse-camt-v1-20180226-umsatz.CSV",
)

CASES = [
    *(pytest.param("sqlite", name, id=name) for name in TABLE),
    *(pytest.param("postgresql", name, id=f"postgresql-{name}") for name in ON_POSTGRESQL),
]


def test_the_table_names_every_file(samples: Path) -> None:
    found = {
        path.relative_to(samples).as_posix()
        for folder in FORMATS
        for path in (samples / folder).rglob("*")
        if path.is_file()
    }
    assert found == set(TABLE)


@pytest.mark.parametrize(("database_url", "name"), CASES, indirect=["database_url"])
async def test_a_sample_gives_what_the_table_says(portal: Portal, samples: Path, name: str) -> None:
    report = await import_file(portal.house, samples / name)
    statistics = await _statistics(portal)
    expected = TABLE[name]
    assert report.format == expected.feed_format
    if isinstance(expected, Refused):
        assert not report.is_usable
        rejecting = [finding for finding in report.findings if finding.rejects]
        assert (rejecting[0].line, rejecting[0].field) == (expected.line, expected.field)
        assert rejecting[0].reason
        return
    assert asdict(expected) == asdict(
        Imported(
            feed_format=report.format or "",
            accepted=statistics.contracts + statistics.transactions,
            partners=statistics.partners,
            visible=statistics.contracts_visible_to_a_customer,
            accounts=statistics.savings_accounts,
            statements=statistics.statements,
            pending=statistics.transactions_pending,
            rejected=report.rejected,
            findings=statistics.findings,
        )
    )
    assert report.accepted == expected.accepted


@pytest.mark.parametrize(
    ("database_url", "name"),
    [pytest.param("sqlite", name, id=name) for name in TABLE],
    indirect=["database_url"],
)
async def test_a_sample_twice_changes_nothing(portal: Portal, samples: Path, name: str) -> None:
    first = await import_file(portal.house, samples / name)
    before = await _statistics(portal)
    again = await import_file(portal.house, samples / name)
    assert await _statistics(portal) == before
    assert (again.accepted, again.duplicates) == (0, first.accepted + first.duplicates)
    assert [finding.reason for finding in again.findings] == [
        finding.reason for finding in first.findings
    ]


async def _statistics(portal: Portal) -> Statistics:
    async with portal.transaction() as session:
        return await count_everything(session, today=TODAY, policy=portal.house.policy)
