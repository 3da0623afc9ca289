"""An enveloped XML signature: which element it covers, and whether it is right.

Only the element that carries the signature can be covered by it, whole, so that nothing outside can pass for signed.
Source: https://www.w3.org/TR/xmldsig-core1/
"""

from __future__ import annotations

import base64
import hmac
from typing import Final
from xml.dom.minidom import Element

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sagepass.endpoint.canonical_xml import canonical

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED: Final = f"{DS}enveloped-signature"
_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512,
}
_METHODS: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": hashes.SHA384,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": hashes.SHA512,
}


class WrongSignatureError(ValueError):
    """There is no good signature on the element."""


def children(element: Element, namespace: str, name: str) -> list[Element]:
    """The direct children of this name."""
    return [
        child
        for child in element.childNodes
        if isinstance(child, Element) and child.namespaceURI == namespace and child.localName == name
    ]


def only(element: Element, namespace: str, name: str) -> Element:
    """The one child of this name.

    Raises:
        WrongSignatureError: there is none, or more than one.
    """
    found = children(element, namespace, name)
    if len(found) != 1:
        raise WrongSignatureError(f"expected one {name}, found {len(found)}")
    return found[0]


def text_of(element: Element) -> str:
    """The text directly inside."""
    return "".join(child.nodeValue or "" for child in element.childNodes if child.nodeType in (3, 4)).strip()


def verify_enveloped(element: Element, certificates: list[x509.Certificate]) -> None:
    """Check the signature that an element carries over itself.

    Raises:
        WrongSignatureError: there is none, it covers something else, or no certificate's key made it.
    """
    signature = only(element, DS, "Signature")
    info = only(signature, DS, "SignedInfo")
    reference = only(info, DS, "Reference")
    ident = element.getAttribute("ID")
    if not ident or reference.getAttribute("URI") != f"#{ident}":
        raise WrongSignatureError("the signature covers another element")
    digest = _HASHES.get(only(reference, DS, "DigestMethod").getAttribute("Algorithm"))
    if digest is None:
        raise WrongSignatureError("the digest method is not accepted")
    hasher = hashes.Hash(digest())
    hasher.update(canonical(element, without=signature, inclusive=_transforms(reference)))
    if not hmac.compare_digest(hasher.finalize(), _decoded(only(reference, DS, "DigestValue"))):
        raise WrongSignatureError("the digest is not that of the element")
    _verify_info(info, _decoded(only(signature, DS, "SignatureValue")), certificates)


def _verify_info(info: Element, value: bytes, certificates: list[x509.Certificate]) -> None:
    method = _METHODS.get(only(info, DS, "SignatureMethod").getAttribute("Algorithm"))
    form = only(info, DS, "CanonicalizationMethod")
    if method is None or form.getAttribute("Algorithm") != _EXCLUSIVE:
        raise WrongSignatureError("the signature method or the canonical form is not accepted")
    covered = canonical(info, inclusive=_prefixes(form))
    for certificate in certificates:
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            continue
        try:
            key.verify(value, covered, padding.PKCS1v15(), method())
        except InvalidSignature:
            continue
        return
    raise WrongSignatureError("no certificate of the provider made the signature")


def _transforms(reference: Element) -> frozenset[str]:
    """Enveloped signature and exclusive form, and nothing else."""
    inclusive: frozenset[str] = frozenset()
    steps = children(only(reference, DS, "Transforms"), DS, "Transform")
    names = [step.getAttribute("Algorithm") for step in steps]
    if sorted(names) != sorted([_ENVELOPED, _EXCLUSIVE]):
        raise WrongSignatureError("the transforms are not accepted")
    for step in steps:
        inclusive |= _prefixes(step)
    return inclusive


def _prefixes(step: Element) -> frozenset[str]:
    listed = children(step, _EXCLUSIVE, "InclusiveNamespaces")
    words = listed[0].getAttribute("PrefixList").split() if listed else []
    return frozenset("" if word == "#default" else word for word in words)


def _decoded(element: Element) -> bytes:
    try:
        return base64.b64decode("".join(text_of(element).split()), validate=True)
    except ValueError as error:
        raise WrongSignatureError("a value is no Base64") from error
