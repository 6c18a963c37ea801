"""How an enum of the models becomes one of GraphQL, every value described."""

import enum

import strawberry


def declare(kind: type[enum.Enum], description: str, /, **values: str) -> None:
    """Declare an enum; the models know no GraphQL, so its values are described here."""
    strawberry.enum(kind, description=description)
    declared = {value.name: value for value in kind.__strawberry_definition__.values}  # type: ignore[attr-defined]
    if declared.keys() != values.keys():
        raise TypeError(f"{kind.__name__}: describe {sorted(declared)}, each once")
    for name, text in values.items():
        declared[name].description = text
