"""Rules that every field of the schema keeps."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    get_named_type,
)

import backend.schema
from backend.access import Access
from backend.schema import schema
from backend.schema.fields import ACCESS_KEY
from backend.schema.printing import printed_schema
from tests.schema_walk import SCHEMA, fields, node_types, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(backend.schema.__file__).parent
# Lists that stay short by their nature; all others are connections.
SHORT_LISTS = {
    ("Query", "institutions"): "the group's companies",
    ("Query", "nodes"): "as long as the list of ids",
    ("Message", "attachments"): "at most ten",
    ("Viewer", "savingsAccounts"): "a person's accounts",
    ("Viewer", "consents"): "one per purpose",
    ("Contract", "bankAccounts"): "as often as an account changes",
    ("InsuranceContract", "bankAccounts"): "as often as an account changes",
    ("SavingsProduct", "bankAccounts"): "as often as an account changes",
    ("SavingsAccount", "bankAccounts"): "as often as an account changes",
    ("FixedTermDeposit", "bankAccounts"): "as often as an account changes",
    ("BankAccountChanged", "accounts"): "one per contract of the change, fifty at most",
    ("Viewer", "personalDetails"): "one per company of the group",
    ("PersonalDetails", "changes"): "as often as a person moves or marries",
    ("PersonalDetailsReview", "institutions"): "the group's companies",
    ("ReviewedInstitution", "contracts"): "a person's contracts with one company",
    ("PersonalDetailsChanged", "changes"): "one per company",
    ("PersonalDetailsChange", "evidence"): "ten at most",
    ("SelfAddedData", "contracts"): "as many as the policy lets one customer add",
    ("SelfAddedData", "accounts"): "as many as the policy lets one customer add",
    ("AccountStatementAdded", "accounts"): "as many as the policy lets one customer add",
    ("AccountStatementAdded", "findings"): "the inspection lists so many of a file and no more",
    ("SelfAddedContract", "documents"): "as many as the policy lets one contract have",
    ("Viewer", "passkeys"): "a person's devices",
    ("Viewer", "devices"): "twenty at most",
}
# What customers alone decide (F29).
SETTINGS = re.compile(r"Consent|Delivery|Passkey|Password|Locale|Device|Phone|EmailAddress")


def _undescribed() -> Iterator[str]:
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__"):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{key}" for key, one in kind.values.items() if not one.description)
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{key}" for key, one in kind.fields.items() if not one.description)
    for owner, name, field in fields():
        if not field.description:
            yield f"{owner}.{name}"
        yield from (
            f"{owner}.{name}({key})" for key, one in field.args.items() if not one.description
        )


def test_everything_is_described() -> None:
    assert list(_undescribed()) == []


def test_every_field_declares_who_may_read_it() -> None:
    undeclared = [
        f"{kind.name}.{field.name}"
        for kind in objects()
        for field in kind.extensions["strawberry-definition"].fields
        if not isinstance(field.metadata.get(ACCESS_KEY), Access)
    ]
    assert undeclared == []


def test_objects_are_fields_never_ids_of_others() -> None:
    inputs = [
        (kind.name, name)
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLInputObjectType)
        for name in kind.fields
    ]
    arguments = [(owner, key) for owner, _, field in fields() for key in field.args]
    named = [(owner, name) for owner, name, _ in fields()] + inputs + arguments
    assert [f"{owner}.{name}" for owner, name in named if re.search(r"[a-z]Ids?$", name)] == []


def test_lists_that_grow_are_connections() -> None:
    node = SCHEMA.type_map["Node"]
    growing = set()
    for owner, name, field in fields():
        kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        if not isinstance(kind, GraphQLList) or owner.endswith("Connection"):
            continue
        item = get_named_type(kind)
        is_node = item.name in node_types() or (
            isinstance(item, GraphQLInterfaceType) and (item is node or node in item.interfaces)
        )
        if is_node and (owner, name) not in SHORT_LISTS:
            growing.add(f"{owner}.{name}")
    assert growing == set()


def test_connections_are_all_alike() -> None:
    for kind in objects():
        if kind.name.endswith("Connection"):
            own = set(kind.fields) - {"hasMoreThanCounted"}  # where counting to the end is dear
            assert own == {"edges", "nodes", "pageInfo", "totalCount"}, kind.name
    for owner, name, field in fields():
        shown = get_named_type(field.type)
        members = (
            SCHEMA.get_possible_types(shown) if isinstance(shown, GraphQLUnionType) else [shown]
        )
        if any(member.name.endswith("Connection") for member in members):
            assert {"first", "after"} <= set(field.args), f"{owner}.{name}"
            assert str(field.args["first"].type) == "Int!"
            assert field.args["first"].default_value == 20


# Where the success says which step is next.
NEXT_STEPS = {
    "SignInWithPasswordResult": {"TanRequired", "DeviceProofRequired"},
    "ChangeBankAccountResult": {"ApprovalRequired", "BankAccountChanged"},
    "ChangePersonalDetailsResult": {"ApprovalRequired", "PersonalDetailsChanged"},
    "StartPasskeyRegistrationResult": {"PasskeyChallenge", "ApprovalRequired"},
    "ChooseRecoveryPasswordResult": {"RecoveryPasskeyRequired", "RecoveryDeviceRequired"},
}


def _is_refusal(kind: GraphQLObjectType) -> bool:
    return any(interface.name == "Refusal" for interface in kind.interfaces)


def test_a_result_is_one_success_or_a_refusal() -> None:
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLUnionType) and name.endswith("Result"):
            successes = [member.name for member in kind.types if not _is_refusal(member)]
            if name in NEXT_STEPS:
                assert set(successes) == NEXT_STEPS[name], name
            else:
                assert len(successes) == 1, (name, successes)
            assert len(kind.types) > 1, name


def test_fields_of_one_name_have_one_type_across_a_union() -> None:
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLUnionType):
            types: dict[str, str] = {}
            for member in kind.types:
                for key, field in member.fields.items():
                    assert types.setdefault(key, str(field.type)) == str(field.type), (name, key)


def test_mutations_take_one_input_and_bear_a_verb() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        assert set(field.args) <= {"input"}, name
        for argument in field.args.values():
            assert str(argument.type) == f"{name[0].upper()}{name[1:]}Input!"
        assert re.match(r"[a-z]+[A-Z]", name), name


def test_booleans_instants_and_days_are_named_alike() -> None:
    for owner, name, field in fields():
        match get_named_type(field.type).name:
            case "Boolean":
                assert re.match(r"(is|has|can)[A-Z]", name), f"{owner}.{name}"
            case "DateTime":
                assert name.endswith("At") or name == "since", f"{owner}.{name}"
            case "Date":
                assert re.search(r"(On|Date)$", name) or name in ("today", "date"), name


def test_the_printed_schema_is_the_one_in_the_repository() -> None:
    """After a wanted change: make schema."""
    assert (FOLDER / "schema.graphql").read_text(encoding="utf-8") == printed_schema()


def test_what_is_printed_is_what_is_served() -> None:
    printed = build_schema(printed_schema())
    assert find_breaking_changes(printed, SCHEMA) == []
    assert find_breaking_changes(SCHEMA, printed) == []


def _broken_since(released: str) -> list[str]:
    changes = find_breaking_changes(build_schema(released), SCHEMA)
    return [change.description for change in changes]


def test_nothing_that_the_last_release_offered_is_broken() -> None:
    """A release copies schema.graphql to released.graphql; until the first there is none."""
    for released in FOLDER.glob("released.graphql"):
        assert _broken_since(released.read_text(encoding="utf-8")) == []
    richer = printed_schema().replace("type Portal {", "type Portal {\n  gone: Int")
    assert _broken_since(richer) == ["Field Portal.gone was removed."]


def _exported_schemas() -> dict[str, GraphQLSchema]:
    found = {}
    for module in pkgutil.walk_packages([str(FOLDER)], "backend.schema."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, strawberry.Schema):
                found[f"{module.name}.{name}"] = value._schema
    return found


def _touches_settings(foreign: GraphQLSchema) -> list[str]:
    """Name the mutations that give or take a customer's setting, by name or by type."""
    found = []
    for name, field in foreign.mutation_type.fields.items() if foreign.mutation_type else ():
        shown = get_named_type(field.type)
        members = (
            foreign.get_possible_types(shown) if isinstance(shown, GraphQLUnionType) else [shown]
        )
        given = [get_named_type(argument.type) for argument in field.args.values()]
        names = [name[0].upper() + name[1:], *(one.name for one in [*members, *given])]
        names += [
            key[0].upper() + key[1:]
            for one in given
            if isinstance(one, GraphQLInputObjectType)
            for key in one.fields
        ]
        if any(SETTINGS.search(one) for one in names):
            found.append(name)
    return found


def test_F29_no_schema_of_the_house_touches_what_customers_decide() -> None:
    for name, exported in _exported_schemas().items():
        if exported is not SCHEMA:
            assert _touches_settings(exported) == [], name


def test_F29_customers_change_their_own_settings_only() -> None:
    """No mutation can name whose settings it means."""
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    touching = _touches_settings(SCHEMA)
    assert "addPasskey" in touching
    for name in touching:
        for argument in mutation.fields[name].args.values():
            given = get_named_type(argument.type)
            assert isinstance(given, GraphQLInputObjectType)
            owners = {"viewer", "customer", "userAccount", "user"}
            assert not owners & set(given.fields), name


def test_F29_a_staff_mutation_on_settings_would_be_found() -> None:
    staff = build_schema(
        """
        type Query { a: Int }
        type Consent { purpose: String! }
        input ChangeIt { locale: String! }
        type Mutation { withdraw: Consent! closeCase: Int! setIt(input: ChangeIt!): Int!
                        resetPassword: Int! }
        """
    )
    assert _touches_settings(staff) == ["withdraw", "setIt", "resetPassword"]


def test_strawberry_serves_the_schema_that_is_walked() -> None:
    assert schema._schema is SCHEMA
