"""The house neither sees nor changes a customer's settings and consents, in no schema (F29)."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType

import backend
import backend.schema
from backend.access import SIGNED_IN
from backend.models.tables import Base
from backend.schema.fields import ACCESS_KEY
from backend.services import consent_decisions, delivery_decisions

ROOT = Path(backend.__file__).parent
# What customers decide about consents and delivery.
SETTINGS = {
    "Consent",
    "ConsentDecision",
    "ConsentText",
    "DeliveryPreference",
    "DeliveryDecision",
    "SettingsDecisionConnection",
    "SettingsDecisionEdge",
}
OPERATIONS = {"grantConsent", "withdrawConsent", "chooseDeliveryChannel", "confirmConsent"}
TABLES = {"consent_decision", "delivery_decision"}
# Where rows of these tables are made: by the customer's own services, and for made-up people.
MAKERS = {"services/consent_decisions.py", "services/delivery_decisions.py", "demo/load.py"}


def _schemas() -> dict[str, strawberry.Schema]:
    """Return every schema there is: those of staff and analysts too, once there are any."""
    modules = [backend.schema] + [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(backend.schema.__path__, "backend.schema.")
    ]
    found: dict[str, strawberry.Schema] = {}
    for module in modules:
        for name, value in vars(module).items():
            is_new = isinstance(value, strawberry.Schema) and value not in found.values()
            if is_new:
                found[f"{module.__name__}.{name}"] = value
    return found


def _fields(schema: strawberry.Schema) -> dict[tuple[str, str], set[str]]:
    """Return the names of the types that each field leads to."""
    return {
        (kind.name, name): _leads_to(field.type)
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in kind.fields.items()
    }


def _leads_to(kind: object) -> set[str]:
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return {str(kind), *(str(one) for one in getattr(kind, "types", ()))}


def test_F29_only_the_customers_own_schema_knows_settings_and_consents() -> None:
    schemas = _schemas()
    # The customer's schema is the one whose root is the signed-in customer.
    customers = [name for name, schema in schemas.items() if ("Query", "viewer") in _fields(schema)]
    assert customers == ["backend.schema.schema"]
    for name, schema in schemas.items():
        shown = {kind for kind, _ in _fields(schema)} & SETTINGS
        offered = {field for _, field in _fields(schema)} & OPERATIONS
        if name in customers:
            assert (shown, offered) == (SETTINGS, OPERATIONS)
        else:
            assert (shown, offered) == (set(), set()), name


def test_F29_settings_hang_on_the_viewer_and_take_nobody_elses_id() -> None:
    schema = _schemas()["backend.schema.schema"]
    leading = {
        (kind, field)
        for (kind, field), found in _fields(schema).items()
        if found & SETTINGS and kind not in SETTINGS
    }
    # Mutations answer with what they changed; all other ways begin at the signed-in customer.
    assert leading == {
        ("Viewer", "consents"),
        ("Viewer", "deliveryPreferences"),
        ("Viewer", "settingsHistory"),
        ("Mutation", "grantConsent"),
        ("Mutation", "withdrawConsent"),
        ("Mutation", "chooseDeliveryChannel"),
        # A text to agree to, of the viewer's own review: it is shaped like that of a consent.
        ("BankAccountReview", "mandateText"),
    }
    viewer = schema.get_type_by_name("Viewer")
    for field in viewer.fields:  # type: ignore[union-attr]
        if field.name in {"consents", "deliveryPreferences", "settingsHistory"}:
            assert field.metadata[ACCESS_KEY] is SIGNED_IN


def test_F29_only_what_the_customer_does_writes_a_decision() -> None:
    makers = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            named = {one.id for one in node.args if isinstance(one, ast.Name)}
            is_row = called in {"ConsentDecision", "DeliveryDecision"}
            is_statement = called in {"insert", "insert_into", "update", "delete"}
            if is_row or (is_statement and named & {"ConsentDecision", "DeliveryDecision"}):
                makers.add(path.relative_to(ROOT).as_posix())
    assert makers == MAKERS
    assert set(Base.metadata.tables) >= TABLES


def test_F29_every_decision_is_made_by_a_viewer_or_whoever_holds_their_link() -> None:
    made = {
        name: set(inspect.signature(function).parameters)
        for module in (consent_decisions, delivery_decisions)
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    deciding = {name: given for name, given in made.items() if "house" in given}
    assert {name for name, given in deciding.items() if "viewer" in given} == {
        "grant_consent",
        "withdraw_consent",
        "choose_delivery_channel",
    }
    by_link = {name: given for name, given in deciding.items() if "viewer" not in given}
    assert by_link.keys() == {"confirm_consent", "withdraw_by_mail"}
    assert all("token" in given for given in by_link.values())
    called = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for name in deciding
        if f".{name}(" in path.read_text(encoding="utf-8")
    }
    assert called == {"resolvers/consents.py", "web/unsubscribing.py"}
