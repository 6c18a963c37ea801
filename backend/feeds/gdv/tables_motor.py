"""Record types of motor insurance: the vehicle (Sparte 050) and its covers (051 to 059)."""

from __future__ import annotations

from typing import Final

from backend.feeds.gdv.details_things import MotorCover, MotorDetails
from backend.feeds.gdv.entries import Entry, LineOfBusiness, RecordType, at
from backend.feeds.gdv.layout import Layout

_VEHICLE: Final = Layout(
    "0210.050",
    """
    power              46-49    tenths Stärke
    manufacturer       50-64    text   Herstellername
    model              65-89    text   Modellname
    manufacturer_key   90-93    text   Hersteller-Schlüssel-Nr.
    type_key           94-96    text   Typschlüssel-Nr.
    vehicle_identification_number  97-113  text  Fahrzeugidentifizierungsnummer
    licence_plate      114-125  text   Amtliches Kennzeichen
    first_registered_on  126-133  date  Erstzulassung
    new_price          134-140  units  Neupreis in Währungseinheiten
    currency           149-151  text   Währungsschlüssel
    premium            152-163  money  Gesamtbeitrag in Währungseinheiten
    season             252-255  text   Saisonkennzeichen
    """,
)
_VEHICLE_2: Final = Layout(
    "0210.050",
    """
    vehicle_kind       54-83    text   Fahrzeugart
    yearly_mileage     157-162  count  Jährliche Fahrleistung
    product_name       169-188  text   Produktname
    """,
)
_VEHICLE_PRICE: Final = Layout("0211.050", "new_price  43-54  sum  Neupreis in Währungseinheiten")

_LIABILITY: Final = Layout(
    "0220.051",
    """
    start            43-50    date   KH-Beginn
    end              51-58    date   KH-Ausschluß
    no_claims_class  102-106  text   KH-SF/S-Klasse
    rate_percent     107-109  count  KH-Beitragssätze
    premium          110-117  tenths KH-Beitrag in Währungseinheiten
    vehicle_class    180-182  text   Tyklasse KH
    tariff           183-192  text   Tarif
    deductible       170-179  units  Frei vereinbarte Selbstbeteiligung in Währungseinheiten für KH
    """,
)
_COMPREHENSIVE: Final = Layout(
    "0220.052",
    """
    start               43-50    date   KFV-Beginn
    end                 51-58    date   KFV-Ausschluss
    no_claims_class     75-79    text   KFV-SF/S-Klasse
    rate_percent        80-82    count  KFV-Beitragssatz
    premium             83-90    tenths KFV-Beitrag in Währungseinheiten
    vehicle_class       126-127  text   Typklasse für KFV
    deductible          128-137  units  Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Vollkasko
    partial_deductible  151-160  units  Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Teilkasko im Rahmen der Vollkasko
    tariff              168-177  text   Tarif
    """,  # noqa: E501
)
_PARTIAL: Final = Layout(
    "0220.053",
    """
    start            43-50    date   KFT-Beginn
    end              51-58    date   KFT-Ausschluss
    premium          73-80    tenths KFT-Beitrag in Währungseinheiten
    vehicle_class    114-115  text   Typklasse für KFT
    deductible       116-125  units  Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Teilkasko
    tariff           142-151  text   Tarif
    """,  # noqa: E501
)
_OCCUPANTS: Final = Layout(
    "0220.054",
    """
    start            43-50    date   KU-Beginn
    end              51-58    date   KU-Ausschluss
    premium          115-122  tenths KU-Beitrag in Währungseinheiten
    tariff           178-187  text   Tarif
    """,
)
_BLOCK: Final = Layout(
    "0220.055",
    """
    name             63-92    text   Bausteinbezeichnung
    start            93-100   date   Baustein-Beginn
    end              101-108  date   Baustein-Ausschluss
    deductible       127-136  units  Selbstbehalt in Währungseinheiten
    no_claims_class  149-153  text   SF/S-Klasse
    rate_percent     154-156  count  Beitragssatz
    premium          157-164  tenths Beitrag in Währungseinheiten
    vehicle_class    201-203  text   Typklasse
    tariff           235-244  text   Tarif
    """,
)
_LUGGAGE: Final = Layout(
    "0220.059",
    """
    start            43-50    date   Gepäck-Beginn
    end              51-58    date   Gepäck-Ausschluss
    sum_insured      67-70    thousands  Gepäckversicherungssumme in Tausend Währungseinheiten
    premium          71-78    tenths Gepäck-Beitrag in Währungseinheiten
    tariff           107-116  text   Tarif
    """,
)
_COVERS: Final[dict[str, Layout]] = {
    "051": _LIABILITY,
    "052": _COMPREHENSIVE,
    "053": _PARTIAL,
    "054": _OCCUPANTS,
    "055": _BLOCK,
    "059": _LUGGAGE,
}
# The extension records repeat amounts that are too long for, or absent from, the 0220.
_EXTENSIONS: Final[dict[str, str]] = {
    "051": """
    sum_insured      43-56    sum    KH-Deckungssummen in Währungseinheiten
    premium          85-96    sum    KH-Beitrag in Währungseinheiten
    deductible       133-144  sum    Frei vereinbarte Selbstbeteiligung in Währungseinheiten für KH
    """,
    "052": """
    premium          43-54    sum    KFV-Beitrag in Währungseinheiten
    deductible       79-90    sum    Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Vollkasko
    partial_deductible  103-114  sum  Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Teilkasko im Rahmen der Vollkasko
    """,  # noqa: E501
    "053": """
    premium          43-54    sum    KFT-Beitrag in Währungseinheiten
    deductible       79-90    sum    Frei vereinbarte Selbstbeteiligung in Währungseinheiten für Teilkasko
    """,  # noqa: E501
    "054": "premium  183-194  sum  KU-Beitrag in Währungseinheiten",
    "055": """
    deductible       43-54    sum    Selbstbehalt in Währungseinheiten
    premium          55-66    sum    Beitrag in Währungseinheiten
    """,
    "059": """
    sum_insured      43-56    sum    Gepäckversicherungssumme in Währungseinheiten
    premium          57-68    sum    Gepäck-Beitrag in Währungseinheiten
    """,
}


def _entry(layout: Layout, kind: str, *, opens: bool) -> tuple[Entry, ...]:
    constants = {"kind": kind}
    return (
        Entry(
            layout,
            {256: "1"},
            "covers",
            MotorCover,
            key=("kind",),
            opens=opens,
            constants=constants,
        ),
    )


MOTOR: Final = LineOfBusiness(
    MotorDetails,
    {
        "0210050": RecordType(
            at(256), {"1": (Entry(_VEHICLE, {256: "1"}),), "2": (Entry(_VEHICLE_2, {256: "2"}),)}
        ),
        "0211050": RecordType(at(256), {"1": (Entry(_VEHICLE_PRICE, {256: "1"}),)}),
        **{
            f"0220{kind}": RecordType(at(256), {"1": _entry(layout, kind, opens=True)})
            for kind, layout in _COVERS.items()
        },
        **{
            f"0221{kind}": RecordType(
                at(256), {"1": _entry(Layout(f"0221.{kind}", table), kind, opens=False)}
            )
            for kind, table in _EXTENSIONS.items()
        },
    },
)
