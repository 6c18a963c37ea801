"""The inspecting process: rules and a file come in on stdin, a verdict and a new file go out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from backend.inspection.bank_files import load_bank_readers, remake_bank_file
from backend.inspection.confinement import limit_resources, refuse_surroundings
from backend.inspection.images import load_image_libraries, remake_image
from backend.inspection.invoices import require_invoice
from backend.inspection.kinds import require_accepted_kind
from backend.inspection.pdf import load_pdf_library, remake_pdf
from backend.inspection.refusals import FileRefusedError, UploadRefusal
from backend.inspection.rules import BANK_RECORDS, PDF, XML, InspectionRules

if TYPE_CHECKING:
    from typing import BinaryIO

_LONGEST_LINE = 1 << 16


def main() -> None:
    """Judge one file; whoever started this takes any other ending for a refusal."""
    limit_resources()
    verdict, made = _judge(sys.stdin.buffer)
    sys.stdout.buffer.write(json.dumps(verdict).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


def _judge(stream: BinaryIO) -> tuple[dict[str, object], bytes]:
    rules = InspectionRules.from_json(stream.readline(_LONGEST_LINE))
    content = stream.read(rules.most_bytes + 1)
    try:
        media_type, made = _remake(content, rules)
    except FileRefusedError as error:
        return {"refusal": error.refusal.name}, b""
    except MemoryError:
        return {"refusal": UploadRefusal.TOO_COMPLEX.name}, b""
    except Exception:  # noqa: BLE001  # decoders of hostile data raise whatever comes to them
        return {"refusal": UploadRefusal.DAMAGED.name}, b""
    return {"media_type": media_type, "size": len(made)}, made


def _remake(content: bytes, rules: InspectionRules) -> tuple[str, bytes]:
    if len(content) > rules.most_bytes:
        raise FileRefusedError(UploadRefusal.TOO_LARGE)
    if rules.most_entries is not None:
        load_bank_readers()
        refuse_surroundings()
        return BANK_RECORDS, remake_bank_file(content, rules)
    kind = require_accepted_kind(content, rules)
    if kind == PDF:
        load_pdf_library()
        refuse_surroundings()
        return PDF, remake_pdf(content, rules)
    if kind == XML:
        refuse_surroundings()
        require_invoice(content)
        return XML, content
    load_image_libraries(kind)
    refuse_surroundings()
    return remake_image(content, kind, rules)


if __name__ == "__main__":
    main()
