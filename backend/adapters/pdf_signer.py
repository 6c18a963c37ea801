"""PAdES signatures by pyHanko, with a P-256 key and its self-signed certificate in the keyring."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import anyio.to_thread

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner

    from backend.adapters.key_store import Keyring

_OWNER = "house:signing"
_FIELD = "Signature"
_VALID = timedelta(days=3653)
_ONE_DAY = timedelta(days=1)
_END_OF_KEY = b"-----END PRIVATE KEY-----\n"


class PadesSigner:
    """Port DocumentSigner: invisible signatures that leave PDF/A and PDF/UA as they are.

    Key and certificate are made at first use and kept wrapped like every keyset; `name` stands in
    the certificate.
    """

    def __init__(self, keyring: Keyring, *, name: str) -> None:
        self._keyring = keyring
        self._name = name

    async def sign(self, pdf: bytes) -> bytes:
        """Return the PDF with a signature over all of it; made in a thread."""
        key, certificate = await self._load()
        return await anyio.to_thread.run_sync(_sign, pdf, key, certificate)

    async def certificate(self) -> bytes:
        """Return the certificate (PEM) that verifies the signatures."""
        return (await self._load())[1]

    async def _load(self) -> tuple[bytes, bytes]:
        stored = await self._keyring.load_or_create(_OWNER, lambda: _new_key(self._name))
        key, end, certificate = stored.keyset.partition(_END_OF_KEY)
        return key + end, certificate


def _new_key(name: str) -> bytes:
    """Generate a key and its certificate, one PEM after the other."""
    # Needed once in the portal's life, and 12 MB of memory.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    now = datetime.now(UTC)
    only_signing = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _ONE_DAY)
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **only_signing),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _sign(pdf: bytes, key: bytes, certificate: bytes) -> bytes:
    # pyHanko takes a second to load, which a server that signs nothing need not spend.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    signed: io.BytesIO = _signer(key, certificate).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf))
    )
    return signed.getvalue()


def _signer(key: bytes, certificate: bytes) -> PdfSigner:
    from asn1crypto import keys, pem  # noqa: PLC0415  # as above
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko.sign.fields import (  # noqa: PLC0415
        InvisSigSettings,
        SigFieldSpec,
        SigSeedSubFilter,
    )
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(pem.unarmor(certificate)[2]),
        signing_key=keys.PrivateKeyInfo.load(pem.unarmor(key)[2]),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    return signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        ),
        signer,
        # Printable for PDF/A, out of the page for PDF/UA: it need not be in the reading order.
        new_field_spec=SigFieldSpec(
            _FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
        ),
    )
