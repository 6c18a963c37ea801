"""Objects by id, whatever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLInterfaceType, GraphQLObjectType

from backend.ids import encode_id
from backend.paging import LARGEST_PAGE
from backend.resolvers.nodes import FINDERS
from backend.schema import schema
from backend.schema.nodes import NODE_KINDS_KEY
from tests import factories

if TYPE_CHECKING:
    from tests.portal import Portal

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def _kinds_of(type_: GraphQLObjectType) -> tuple[str, ...]:
    strawberry_type = type_.extensions["strawberry-definition"]
    [id_field] = [field for field in strawberry_type.fields if field.python_name == "id"]
    kinds: tuple[str, ...] = id_field.metadata[NODE_KINDS_KEY]
    return kinds


def _node_types() -> list[GraphQLObjectType]:
    graphql_schema = schema._schema
    interface = graphql_schema.get_type("Node")
    assert isinstance(interface, GraphQLInterfaceType)
    return graphql_schema.get_possible_types(interface)


def test_every_type_that_is_a_node_has_a_finder_and_every_finder_a_type() -> None:
    assert {kind for type_ in _node_types() for kind in _kinds_of(type_)} == set(FINDERS)


def test_the_schema_has_the_nodes_agreed_on() -> None:
    assert {type_.name for type_ in _node_types()} >= {
        "Consent",
        "Document",
        "FixedTermDeposit",
        "InsuranceContract",
        "Institution",
        "SavingsAccount",
        "Transaction",
        "Viewer",
    }


async def test_nodes_answer_in_the_order_asked_with_null_for_what_is_not_there(
    portal: Portal,
) -> None:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
        contract = await factories.insurance_contract(session, anna)
        account = await factories.savings_account(session, anna)
    token = await portal.sign_in(user)
    ids = [
        encode_id("Contract", account.id),
        "nonsense",
        encode_id("Nonsense", 1),
        encode_id("Contract", 999_999),
        encode_id("Viewer", user.id),
        encode_id("Viewer", user.id + 1),
        encode_id("Contract", contract.id),
        encode_id("Institution", contract.institution_id),
    ]
    nodes = (await portal.execute(NODES, {"ids": ids}, token=token))["nodes"]
    assert [node and node["__typename"] for node in nodes] == [
        "SavingsAccount",
        None,
        None,
        None,
        "Viewer",
        None,
        "InsuranceContract",
        "Institution",
    ]
    assert [node["id"] for node in nodes if node] == [ids[0], ids[4], ids[6], ids[7]]


async def test_without_a_session_only_institutions_are_found(portal: Portal) -> None:
    async with portal.transaction() as session:
        institution = await factories.institution(session)
    ids = [encode_id(kind, institution.id) for kind in sorted(FINDERS)]
    nodes = (await portal.execute(NODES, {"ids": ids}))["nodes"]
    assert [node["__typename"] for node in nodes if node] == ["Institution"]


async def test_at_most_a_hundred_nodes_are_answered(portal: Portal) -> None:
    answer: dict[str, Any] = (await portal.post(NODES, {"ids": ["x"] * 101})).json()
    assert "errors" in answer or len(answer["data"]["nodes"]) == LARGEST_PAGE
