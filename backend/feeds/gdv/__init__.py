"""GDV files (VU-Vermittler, 256-byte records of German insurers): a streaming reader of contracts.

It depends on nothing but the standard library, ``backend.feeds.findings`` and ``.records``::

    with open(path, "rb") as stream:
        for item in read(stream):
            match item:
                case Contract(): ...
                case Finding(rejects=True): ...
"""

from backend.feeds.findings import Finding
from backend.feeds.gdv.detection import detect
from backend.feeds.gdv.reader import Item, read
from backend.feeds.gdv.records import (
    BankAccount,
    Contact,
    ContactKind,
    Contract,
    ContractFragment,
    Header,
    Partner,
    SepaMandate,
    Trailer,
)
from backend.feeds.records import PartialDate, Salutation

__all__ = [
    "BankAccount",
    "Contact",
    "ContactKind",
    "Contract",
    "ContractFragment",
    "Finding",
    "Header",
    "Item",
    "PartialDate",
    "Partner",
    "Salutation",
    "SepaMandate",
    "Trailer",
    "detect",
    "read",
]
