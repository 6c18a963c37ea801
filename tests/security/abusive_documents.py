"""Documents that try to make the server work hard, each with the code that it is refused with."""

from __future__ import annotations

from graphql import get_introspection_query

OK = ""


def _repeat(count: int, piece: str, joint: str = " ") -> str:
    """Join `count` pieces; `#` stands for the number of the piece, `~` for the next."""
    return joint.join(
        piece.replace("#", str(number)).replace("~", str(number + 1)) for number in range(count)
    )


def _spreads(levels: int, inner: str, on: str, last: str) -> str:
    """Fragments of which each spreads the next twice: 2**levels leaves if expanded."""
    chain = _repeat(levels, f"fragment f# on {on} {{ {inner} }}")
    return f"{chain} fragment f{levels} on {on} {{ {last} }}"


def _nest(levels: int, opening: str, closing: str, core: str = "") -> str:
    return opening * levels + core + closing * levels


def _types(levels: int) -> str:
    return "{ __schema { types " + _nest(levels, "{ fields { type ", "} }", "{ name }") + " } }"


_INSTITUTION = "institution { a# : contact { name } b# : contact { name } }"

# name -> (document, code of its refusal; OK if it is answered within the budget)
DOCUMENTS: dict[str, tuple[str, str]] = {
    # Fragments that multiply.
    "fragment bomb of 749 bytes": (
        "{viewer{contracts{nodes{...f0}}}}"
        + _spreads(14, "institution{id}...f~ ...f~", "Contract", "number"),
        "TOO_COSTLY",
    ),
    "fragment bomb below aliases": (
        "{ institutions { ...f0 } }"
        + _spreads(10, "a: contact { name } ...f~ ...f~", "Institution", "name"),
        "TOO_COSTLY",
    ),
    "fragment bomb of three": (
        "{ viewer { ...f0 } }" + _spreads(12, "...f~ ...f~ ...f~", "Viewer", "id"),
        "TOO_COSTLY",
    ),
    "fragment chain too deep": (
        "{ viewer { ...f0 } }" + _spreads(35, "...f~", "Viewer", "id"),
        "TOO_DEEP",
    ),
    "fragment bomb too deep": (
        "{ viewer { ...f0 } }" + _spreads(28, "...f~ ...f~", "Viewer", "id"),
        "TOO_DEEP",
    ),
    "too many fragments": (
        "{ "
        + _repeat(45, "...f#")
        + " } "
        + _repeat(45, "fragment f# on Query { portal { today } }"),
        "TOO_COMPLEX",
    ),
    "fragment spreads itself": (
        "{ viewer { ...a } } fragment a on Viewer { id ...a }",
        "FRAGMENT_CYCLE",
    ),
    "two fragments in a cycle": (
        "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }",
        "FRAGMENT_CYCLE",
    ),
    "cycle of twenty fragments": (
        "{ viewer { ...f0 } }"
        + _repeat(19, "fragment f# on Viewer { ...f~ }")
        + " fragment f19 on Viewer { ...f0 }",
        "FRAGMENT_CYCLE",
    ),
    "cycle below a field": (
        (
            "{ viewer { contracts { nodes { ...a } } } }"
            " fragment a on Contract { institution { id } ... on Contract { ...a } }"
        ),
        "FRAGMENT_CYCLE",
    ),
    "unused fragment": ("{ portal { today } } fragment a on Viewer { id }", "INVALID_DOCUMENT"),
    "unknown fragment": ("{ ...nothing }", "INVALID_DOCUMENT"),
    "spread a hundred times": (
        "{ viewer { " + "...a " * 100 + "} } fragment a on Viewer { id displayName }",
        OK,
    ),
    # Width.
    "wide aliases": ("{ " + _repeat(150, "a#: __typename") + " }", "TOO_COMPLEX"),
    "wide aliases with rows": (
        "{ viewer { " + _repeat(60, "a#: contracts { totalCount }") + " } }",
        "TOO_COMPLEX",
    ),
    "aliases within the limit cost too much": (
        "{ viewer { "
        + _repeat(30, "a#: contracts(first: 100) { nodes { id number kind } }")
        + " } }",
        "TOO_COSTLY",
    ),
    "the same field 400 times": ("{ " + "viewer { id } " * 200 + "}", "TOO_COMPLEX"),
    "the same leaf 900 times": ("{ " + "__typename " * 900 + "}", "TOO_COMPLEX"),
    "the same field at each level": (
        "{ viewer { " + "contracts { nodes { id number } } " * 70 + "} }",
        "TOO_COMPLEX",
    ),
    "inline fragments side by side": (
        "{ " + "... on Query { viewer { id } } " * 90 + "}",
        "TOO_COMPLEX",
    ),
    "hundred unknown fields": ("{ " + _repeat(900, "x#") + " }", "INVALID_DOCUMENT"),
    "fields of one name in fragments": (
        "{ "
        + _repeat(30, "...f#")
        + " } "
        + _repeat(30, "fragment f# on Query { viewer { id id id } }"),
        "TOO_COMPLEX",
    ),
    # Depth.
    "sixty levels": (_nest(60, "{ a ", "}"), "TOO_DEEP"),
    "hundred and ninety levels": (_nest(190, "{ a ", "}"), "TOO_COMPLEX"),
    "thousand levels": (_nest(900, "{a", "}"), "SYNTAX"),
    "hundred inline fragments deep": (
        "{ " + _nest(100, "... on Query { ", "} ", "__typename ") + "}",
        "TOO_DEEP",
    ),
    "unclosed braces": ("{" * 30_000, "SYNTAX"),
    "unclosed lists": ("{ node(id: " + "[" * 20_000, "SYNTAX"),
    "lists within lists": ("{ node(id: " + _nest(150, "[", "]") + ") { id } }", "INVALID_DOCUMENT"),
    "objects within objects": (
        "{ viewer { contracts(filter: " + _nest(60, "{ a: ", "}", "1") + ") { totalCount } } }",
        "TOO_COMPLEX",
    ),
    "list types within list types": (
        "query ($a: " + _nest(150, "[", "]", "ID") + ") { node(id: $a) { id } }",
        "INVALID_DOCUMENT",
    ),
    # Pages.
    "a page of 101": ("{ viewer { contracts(first: 101) { totalCount } } }", "INVALID_PAGE_SIZE"),
    "a page of two billion": (
        "{ viewer { contracts(first: 2147483647) { totalCount } } }",
        "INVALID_PAGE_SIZE",
    ),
    "a page of none": ("{ viewer { contracts(first: 0) { totalCount } } }", "INVALID_PAGE_SIZE"),
    "a page of minus one": (
        "{ viewer { contracts(first: -1) { totalCount } } }",
        "INVALID_PAGE_SIZE",
    ),
    "a page beyond Int": (
        "{ viewer { contracts(first: 99999999999999999999) { totalCount } } }",
        "INVALID_PAGE_SIZE",
    ),
    "a page of a text": ('{ viewer { contracts(first: "9") { totalCount } } }', "INVALID_DOCUMENT"),
    "a page in a default": (
        "query ($n: Int! = 5000) { viewer { contracts(first: $n) { totalCount } } }",
        "INVALID_PAGE_SIZE",
    ),
    "two hundred ids": ("{ nodes(ids: [" + '"a",' * 200 + "]) { id } }", "INVALID_PAGE_SIZE"),
    "rows of rows": (
        "{ viewer { contracts(first: 100) { nodes { "
        + _repeat(12, "i#: institution { contact { name phone email street city } }")
        + " } } } }",
        OK,
    ),
    "rows of rows of rows": (
        "{ viewer { contracts(first: 100) { nodes { ... on InsuranceContract { "
        + _repeat(4, "c#: coverages { name sumInsured { amount currency } deductible { amount } }")
        + " } } } } }",
        "TOO_COSTLY",
    ),
    "ids times everything": (
        "{ " + _repeat(40, "n#: nodes(ids: [" + '"a",' * 10 + "]) { id __typename }") + " }",
        OK,
    ),
    "a hundred ids": ("{ nodes(ids: [" + '"a",' * 100 + "]) { id } }", OK),
    # Directives and variables.
    "directive flood": ("{ viewer " + "@include(if: true) " * 100 + "{ id } }", "TOO_COMPLEX"),
    "directive twice": (
        "{ viewer @include(if: true) @include(if: true) { id } }",
        "INVALID_DOCUMENT",
    ),
    "unknown directives": ("{ viewer " + _repeat(50, "@d#") + " { id } }", "INVALID_DOCUMENT"),
    "directives within the limit": (
        "{ viewer { " + _repeat(20, "a#: id @include(if: true) @skip(if: false)") + " } }",
        OK,
    ),
    "skipped rows count": (
        "{ viewer { "
        + _repeat(30, "a#: contracts(first: 100) @skip(if: true) { nodes { id number kind } }")
        + " } }",
        "TOO_COSTLY",
    ),
    "stream and defer": ("{ viewer { ... @defer { id } } }", "INVALID_DOCUMENT"),
    "hundred variables": (
        "query (" + _repeat(100, "$v#: ID") + ") { viewer { id } }",
        "TOO_COMPLEX",
    ),
    "unused variables": (
        "query (" + _repeat(50, "$v#: ID") + ") { viewer { id } }",
        "INVALID_DOCUMENT",
    ),
    "a variable twice": ("query ($a: ID!, $a: ID!) { node(id: $a) { id } }", "INVALID_DOCUMENT"),
    "input with many fields": (
        "{ viewer { contracts(filter: {" + _repeat(80, "a#: 1") + "}) { totalCount } } }",
        "TOO_COMPLEX",
    ),
    # Operations.
    "many operations": (_repeat(20, "query q# { viewer { id } }"), "TOO_COMPLEX"),
    "operations of one name": (_repeat(5, "query q { viewer { id } }"), "INVALID_DOCUMENT"),
    "costly second operation": (
        "query a { portal { today } } query b { viewer { "
        + _repeat(30, "a#: contracts(first: 100) { nodes { id number kind } }")
        + " } }",
        "TOO_COSTLY",
    ),
    "two mutations": (
        "mutation { a: signOut { isSignedOut } b: signOut { isSignedOut } }",
        "ONE_MUTATION",
    ),
    "two mutations in fragments": (
        (
            "mutation { ...a ...b } fragment a on Mutation { a: signOut { isSignedOut } }"
            " fragment b on Mutation { b: signOut { isSignedOut } }"
        ),
        "ONE_MUTATION",
    ),
    "hundred mutations": (
        "mutation { " + _repeat(49, "a#: signOut { isSignedOut }") + " }",
        "ONE_MUTATION",
    ),
    "subscription": ("subscription { viewer { id } }", "INVALID_DOCUMENT"),
    "a schema definition": ("type Query { a: Int }", "INVALID_DOCUMENT"),
    "nothing": ("", "SYNTAX"),
    # Letters.
    "comments only": ("#" + "a" * 31_000 + "\n{ portal { today } }", OK),
    "comments beyond the limit": ("#" + "a" * 33_000, "TOO_LARGE"),
    "commas": ("," * 31_000 + "{ portal { today } }", OK),
    "comment lines": ("#\n" * 15_000 + "{ portal { today } }", "SYNTAX"),
    "long name": ("{ " + "a" * 31_000 + " }", "INVALID_DOCUMENT"),
    "long text": ('{ node(id: "' + "a" * 20_000 + '") { id } }', "TEXT"),
    "long number": (
        "{ viewer { contracts(first: " + "9" * 5000 + ") { totalCount } } }",
        "TOO_COMPLEX",
    ),
    "long fraction": ("{ node(id: 1." + "9" * 5000 + ") { id } }", "TOO_COMPLEX"),
    "block text of empty lines": ('{ node(id: """' + "\n" * 15_000 + 'x""") { id } }', OK),
    "block text of many indents": ('{ node(id: """' + "  \n   x\n" * 3000 + '""") { id } }', OK),
    "unclosed text": ('{ node(id: "' + "\\\\" * 10_000, "SYNTAX"),
    "unclosed block text": ('{ node(id: """' + "a" * 20_000, "SYNTAX"),
    "NUL in a text": ('{ node(id: "a\\u0000b") { id } }', "TEXT"),
    "half a character": ('{ node(id: "\\uD83D") { id } }', "SYNTAX"),
    "escapes": ('{ node(id: "' + "\\u00e4" * 4000 + '") { id } }', OK),
    "unicode in a text": ('{ node(id: "' + "👩‍👩‍👧" * 1000 + '") { id } }', OK),
    "unicode names": ("{ größe }", "SYNTAX"),
    "right to left marks": ("{ \u202eportal { today } }", "SYNTAX"),
    "byte order marks": ("\ufeff" * 1000 + "{ portal { today } }", OK),
    "control characters": ("{ portal\x07 { today } }", "SYNTAX"),
    # Introspection, which is off.
    "introspection": (get_introspection_query(), "INTROSPECTION_OFF"),
    "introspection in a fragment": (
        "{ ...a } fragment a on Query { __schema { types { name } } }",
        "INTROSPECTION_OFF",
    ),
    "introspection under an alias": (
        "{ innocent: __schema { types { name } } }",
        "INTROSPECTION_OFF",
    ),
    "one type": ('{ __type(name: "Viewer") { fields { name } } }', "INTROSPECTION_OFF"),
    "introspection in circles": (_types(3), "INTROSPECTION_OFF"),
    "introspection in deep circles": (_types(20), "TOO_DEEP"),
}

# Where introspection is on, these are still refused.
OPEN_DOCUMENTS: dict[str, tuple[str, str]] = {
    "introspection": (get_introspection_query(), OK),
    "introspection in circles": (_types(3), "INVALID_DOCUMENT"),
    "introspection in deep circles": (_types(20), "TOO_DEEP"),
    "introspection often": (
        "{ "
        + _repeat(40, "s#: __schema { ...all }")
        + " } fragment all on __Schema { types { fields { args { name type { name kind } } } } }",
        "TOO_COSTLY",
    ),
    "interfaces of interfaces": (
        "{ __schema { types { interfaces { interfaces { interfaces { name } } } } } }",
        "INVALID_DOCUMENT",
    ),
}
