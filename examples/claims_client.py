"""Hand in a claim from a program: `python examples/claims_client.py invoice.pdf`.

KUNDENPORTAL_URL is the portal's address, KUNDENPORTAL_TOKEN a bearer token. The file is a PDF made
of photos. Run it again with the idempotency key that it printed: it hands in nothing twice. The
format of the sealed file and the transfer in parts stand in docs/api.md, "Claims".
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEGMENT = 65_536
VERSIONS = {"X25519": 1, "MLKEM768_X25519": 2}
FIND = """{ viewer { claimsKey { id publicKey algorithm }
  claims(first: 100) { nodes { id status idempotencyKey receipt { sha256 } } }
  claimableContracts(kind: MEDICAL_INVOICE) { contract { id number } formats largestBytes } } }"""
START = """mutation ($i: StartClaimDocumentInput!) { startClaimDocument(input: $i) { __typename
  ... on ClaimDocument { id uploadUrl partSize } ... on Refusal { message } } }"""
SUBMIT = """mutation ($i: SubmitClaimInput!) { submitClaim(input: $i) { __typename
  ... on Claim { id status receipt { sha256 } } ... on Refusal { message } } }"""


def seal(content: bytes, key: dict[str, str], info: bytes) -> bytes:
    """Seal a file to the claims department."""
    content_key = os.urandom(32)
    public_key = base64.urlsafe_b64decode(key["publicKey"] + "==")
    kem = getattr(hpke.KEM, key["algorithm"])
    suite = hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    recipient: Any = x25519.X25519PublicKey.from_public_bytes(public_key[-32:])
    if key["algorithm"] == "MLKEM768_X25519":
        quantum = mlkem.MLKEM768PublicKey.from_public_bytes(public_key[:-32])
        recipient = hpke.MLKEM768X25519PublicKey(quantum, recipient)
    sealed = b"KPCLAIM" + bytes([VERSIONS[key["algorithm"]]])
    sealed += suite.encrypt(content_key, recipient, info=info)
    segments = [content[at : at + SEGMENT] for at in range(0, len(content), SEGMENT)]
    for number, segment in enumerate(segments):
        is_last = number == len(segments) - 1
        nonce = number.to_bytes(11, "big") + bytes([is_last])
        sealed += AESGCM(content_key).encrypt(nonce, segment, None)
    return sealed


def hand_in(client: httpx.Client, content: bytes, idempotency_key: str) -> dict[str, Any]:
    """Seal a file, send it in parts and submit it on the first contract that takes it."""
    viewer = ask(client, FIND)["viewer"]
    for claim in viewer["claims"]["nodes"]:
        if claim["idempotencyKey"] == idempotency_key:
            return dict(claim)
    contract = viewer["claimableContracts"][0]["contract"]["id"]
    key = viewer["claimsKey"]
    if key["algorithm"] not in VERSIONS:
        raise SystemExit("this program is too old for the portal: please update it")
    about = {"kind": "MEDICAL_INVOICE", "format": "PHOTOS"}
    info = "\n".join(
        (
            f"kundenportal claim v{VERSIONS[key['algorithm']]}",
            f"key: {key['id']}",
            f"contract: {contract}",
            f"kind: {about['kind']}",
            f"format: {about['format']}",
            f"idempotencyKey: {idempotency_key}",
        )
    )
    sealed = seal(content, key, info.encode())
    told = {"size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    document = good(ask(client, START, told)["startClaimDocument"])
    send(client, document, sealed)
    return good(
        ask(
            client,
            SUBMIT,
            about
            | {
                "document": document["id"],
                "contract": contract,
                "key": key["id"],
                "idempotencyKey": idempotency_key,
            },
        )["submitClaim"]
    )


def send(client: httpx.Client, document: dict[str, Any], sealed: bytes) -> None:
    """Send all parts; after a failure, ask how much is safe and go on from there."""
    url = document["uploadUrl"]
    at = 0
    for _ in range(2 * len(sealed) // document["partSize"] + 10):
        if at == len(sealed):
            return
        part = sealed[at : at + document["partSize"]]
        headers = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
        try:
            client.patch(url, content=part, headers=headers)
        except httpx.TransportError as error:
            print(f"{error}: going on", file=sys.stderr)
        at = int(client.head(url).raise_for_status().headers["Upload-Offset"])
    raise SystemExit("the file could not be sent")


def ask(client: httpx.Client, query: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the API."""
    body = {"query": query, "variables": {"i": told} if told else {}}
    data: dict[str, Any] = client.post("/graphql", json=body).raise_for_status().json()["data"]
    return data


def good(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that is no refusal."""
    if "message" in answer:
        raise SystemExit(f"{answer['__typename']}: {answer['message']}")
    return answer


if __name__ == "__main__":
    file, *given = sys.argv[1:]
    its_key = given[0] if given else str(uuid.uuid4())
    print(f"idempotency key {its_key}")
    token = {"Authorization": f"Bearer {os.environ['KUNDENPORTAL_TOKEN']}"}
    with httpx.Client(base_url=os.environ["KUNDENPORTAL_URL"], headers=token) as portal:
        print(hand_in(portal, Path(file).read_bytes(), its_key))
