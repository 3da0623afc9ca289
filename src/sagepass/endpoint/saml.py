"""A SAML assertion, verified against the certificates of its provider.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from xml.dom.minidom import Element, parseString
from xml.parsers.expat import ExpatError

from cryptography import x509

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.assume_role import Claims
from sagepass.endpoint.xml_signature import DS, WrongSignatureError, children, only, text_of, verify_enveloped

_SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
_SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
_ATTRIBUTES: Final = "https://aws.amazon.com/SAML/Attributes/"
_AUDIENCES: Final = frozenset({"https://signin.aws.amazon.com/saml", "urn:amazon:webservices"})
_RECIPIENT: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)/saml"
)
_LONGEST: Final = 100_000
_REDEEM: Final = timedelta(minutes=5)
_CERTIFICATE: Final = re.compile(r"X509Certificate>\s*([A-Za-z0-9+/=\s]{100,20000}?)\s*</")


def verify_assertion(
    params: Mapping[str, Any], providers: Mapping[str, Any], certificates: Mapping[str, Path], now: datetime
) -> tuple[str, Claims]:
    """The ARN of the provider in the role's account, and what the assertion says.

    Raises:
        ApiError: no such provider, or the assertion is not good.
    """
    arn = str(params.get("PrincipalArn") or "")
    provider = providers.get(arn)
    if provider is None or "metadata" not in provider:
        raise _invalid("Provider ARN is invalid or does not exist")
    document = _parsed(str(params.get("SAMLAssertion") or ""))
    try:
        assertion = _signed_assertion(document, _certificates(arn, provider, certificates))
        _in_time(assertion, now)
        return arn, _claims(assertion, arn, str(params.get("RoleArn") or ""))
    except WrongSignatureError as error:
        raise _invalid(f"Response signature invalid ({error})") from error
    except ValueError as error:
        raise _invalid("Your request included an invalid SAML response") from error


def _parsed(encoded: str) -> Element:
    try:
        xml = base64.b64decode("".join(encoded.split()), validate=True)
    except ValueError:
        raise _invalid("Invalid base64 SAMLResponse") from None
    if len(encoded) > _LONGEST or b"<!" in xml.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise _invalid("Your request included an invalid SAML response")
    try:
        root = parseString(xml).documentElement  # noqa: S318 - a document type was refused above, so no entities
    except (ExpatError, ValueError):
        raise _invalid("Your request included an invalid SAML response") from None
    if root is None or root.namespaceURI != _SAMLP or root.localName != "Response":
        raise _invalid("Your request included an invalid SAML response")
    return root


def _certificates(arn: str, provider: Mapping[str, Any], files: Mapping[str, Path]) -> list[x509.Certificate]:
    """Those of the file that was given at the start, or else those of the provider's metadata."""
    if arn in files:
        return x509.load_pem_x509_certificates(files[arn].read_bytes())
    return [
        x509.load_der_x509_certificate(base64.b64decode("".join(found.split())))
        for found in _CERTIFICATE.findall(str(provider["metadata"])[:1_000_000])
    ]


def _signed_assertion(root: Element, certificates: list[x509.Certificate]) -> Element:
    """The one assertion, if it or the whole response is signed. Nothing outside what is signed is looked at."""
    everything = root.getElementsByTagName("*")
    idents = [element.getAttribute("ID") for element in everything if element.getAttribute("ID")]
    if len(set(idents)) != len(idents) or root.getAttribute("ID") in idents:
        raise WrongSignatureError("an ID stands twice")
    if len(root.getElementsByTagNameNS(_SAML, "Assertion")) != 1:
        raise WrongSignatureError("expected one Assertion")
    assertion = only(root, _SAML, "Assertion")
    if children(assertion, DS, "Signature"):
        verify_enveloped(assertion, certificates)
    else:
        verify_enveloped(root, certificates)
    return assertion


def _in_time(assertion: Element, now: datetime) -> None:
    issued = _time(assertion.getAttribute("IssueInstant"))
    if issued > now + _REDEEM or now > issued + _REDEEM:
        raise ApiError("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
    conditions = only(assertion, _SAML, "Conditions")
    confirmation = only(
        only(only(assertion, _SAML, "Subject"), _SAML, "SubjectConfirmation"), _SAML, "SubjectConfirmationData"
    )
    for element in (conditions, confirmation):
        if element.getAttribute("NotBefore") and now + _REDEEM < _time(element.getAttribute("NotBefore")):
            raise _invalid("The assertion is not valid yet")
        if element.getAttribute("NotOnOrAfter") and now >= _time(element.getAttribute("NotOnOrAfter")):
            raise ApiError("ExpiredTokenException", "The assertion has expired")
    if not _RECIPIENT.fullmatch(confirmation.getAttribute("Recipient")):
        raise _invalid("The Recipient of the assertion is not the sign-in endpoint")


def _time(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _claims(assertion: Element, provider: str, role: str) -> Claims:
    attributes = _attributes(assertion)
    pairs = {frozenset(part.strip() for part in value.split(",")) for value in attributes.get("Role", ())}
    if frozenset({role, provider}) not in pairs:
        raise _invalid("The assertion does not name this role and provider")
    subject = only(only(assertion, _SAML, "Subject"), _SAML, "NameID")
    issuer = text_of(only(assertion, _SAML, "Issuer"))
    audience = _audience(assertion)
    account, name = provider.split(":")[4], provider.rpartition("/")[2]
    kind = subject.getAttribute("Format").rpartition(":")[2] or "unspecified"
    qualifier = base64.b64encode(
        hashlib.sha1(f"{issuer}{account}/{name}".encode(), usedforsecurity=False).digest()
    ).decode()
    keys = {
        "saml:aud": (audience,),
        "saml:iss": (issuer,),
        "saml:sub": (text_of(subject),),
        "saml:sub_type": (kind,),
        "saml:namequalifier": (qualifier,),
        "saml:doc": (f"{account}/{name}",),
    }
    tags = {
        key[len("PrincipalTag:") :]: values[0]
        for key, values in attributes.items()
        if key.startswith("PrincipalTag:") and values
    }
    duration = next(iter(attributes.get("SessionDuration", ())), "")
    return Claims(
        subject=text_of(subject),
        audience=audience,
        issuer=issuer,
        keys=keys,
        tags=tags,
        transitive=tuple(attributes.get("TransitiveTagKeys", ())),
        source_identity=next(iter(attributes.get("SourceIdentity", ())), None),
        session_name=_session_name(attributes),
        duration=int(duration) if duration.isascii() and duration.isdigit() and len(duration) < 7 else None,
        subject_type=kind,
        name_qualifier=qualifier,
    )


def _session_name(attributes: Mapping[str, tuple[str, ...]]) -> str:
    name = next(iter(attributes.get("RoleSessionName", ())), "")
    if not re.fullmatch(r"[\w+=,.@-]{2,64}", name, re.ASCII):
        raise _invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return name


def _audience(assertion: Element) -> str:
    restrictions = children(only(assertion, _SAML, "Conditions"), _SAML, "AudienceRestriction")
    named = [text_of(one) for restriction in restrictions for one in children(restriction, _SAML, "Audience")]
    found = next((one for one in named if one in _AUDIENCES), None)
    if found is None:
        raise _invalid("The assertion is for another audience")
    return "https://signin.aws.amazon.com/saml"


def _attributes(assertion: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for statement in children(assertion, _SAML, "AttributeStatement"):
        for attribute in children(statement, _SAML, "Attribute"):
            name = attribute.getAttribute("Name")
            if name.startswith(_ATTRIBUTES):
                values = tuple(text_of(value) for value in children(attribute, _SAML, "AttributeValue"))
                found[name.removeprefix(_ATTRIBUTES)] = found.get(name.removeprefix(_ATTRIBUTES), ()) + values
    return found


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidIdentityToken", message, 400)
