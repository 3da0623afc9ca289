"""A certificate authority of one's own for the proxy: it can vouch for AWS's names only, and its keys stay private.

Source: https://datatracker.ietf.org/doc/html/rfc5280#section-4.2.1.10 (name constraints)
"""

from __future__ import annotations

import os
import ssl
import tempfile
import threading
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DOMAINS: Final = ("amazonaws.com", "amazonaws.com.cn", "api.aws")
_MOST_NAMES: Final = 256
_LIFE: Final = timedelta(days=365)
_LEAF_LIFE: Final = timedelta(days=30)


class PrivateCa:
    """Makes a certificate for a name when a client first asks for it.

    Attributes:
        bundle: the file that ``AWS_CA_BUNDLE`` names: the certificate of the authority, without its key.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Open the authority of a folder, or make one; without a folder in a temporary one that only the owner can read."""
        self._temporary = tempfile.TemporaryDirectory(prefix="sagepass-") if folder is None else None
        self._folder = Path(self._temporary.name) if self._temporary is not None else (folder or Path())
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.bundle = self._folder / "ca.pem"
        self._contexts: OrderedDict[str, ssl.SSLContext] = OrderedDict()
        self._lock = threading.Lock()
        self._key, self._certificate = self._open()

    def context_for(self, name: str) -> ssl.SSLContext:
        """The TLS settings of a server of this name.

        Raises:
            ValueError: the name is none of AWS's.
        """
        if not is_aws_name(name):
            raise ValueError(f"{name} is not a name of AWS")
        with self._lock:
            if name not in self._contexts:
                self._contexts[name] = self._context(name)
                while len(self._contexts) > _MOST_NAMES:
                    self._contexts.popitem(last=False)
            self._contexts.move_to_end(name)
            return self._contexts[name]

    def close(self) -> None:
        """Delete a temporary folder with its keys."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _open(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key_file = self._folder / "ca-key.pem"
        if key_file.exists() and self.bundle.exists():
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(self.bundle.read_bytes())
            if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc > datetime.now(UTC):
                return key, certificate
        fresh = ec.generate_private_key(ec.SECP256R1())
        certificate = _authority(fresh)
        _write_private(key_file, _pem(fresh))
        self.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return fresh, certificate

    def _context(self, name: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _leaf(name, key, self._key, self._certificate)
        file = self._folder / f"leaf-{len(self._contexts)}-{os.getpid()}.pem"
        _write_private(file, _pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(file)
        file.unlink()
        return context


def is_aws_name(name: str) -> bool:
    """Whether a host name is one of AWS's endpoints."""
    return len(name) < 254 and name.lower().endswith(tuple(f".{domain}" for domain in DOMAINS))


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sagepass local endpoint")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + _LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    permitted = [x509.DNSName(domain) for domain in DOMAINS]
    builder = builder.add_extension(x509.NameConstraints(permitted, None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.sign(key, hashes.SHA256())


def _leaf(
    name: str, key: ec.EllipticCurvePrivateKey, issuer_key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate
) -> x509.Certificate:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + _LEAF_LIFE)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_private(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
