"""Identity providers: tokens and assertions that are good, and each way in which they are not."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.dom.minidom import parseString

import boto3  # type: ignore[import-untyped]
import pytest
from botocore import UNSIGNED  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.endpoint.conftest import ACCOUNT, Aws, Client, Refused, Value, allow, refused, statement

from sagepass.endpoint.canonical_xml import canonical
from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup
from sagepass.endpoint.federation import Federation
from sagepass.endpoint.gate_options import Ids

ISSUER = "https://oidc.example.com/id/1"
HOST = ISSUER.removeprefix("https://")
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
WEB = f"arn:aws:iam::{ACCOUNT}:role/web"
SAML_ROLE = f"arn:aws:iam::{ACCOUNT}:role/saml"


class Provider:
    """The keys of an identity provider."""

    def __init__(self, folder: Path) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.jwk = RSAKey.import_key(pem, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [self.jwk.as_dict(private=False)]}))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
        builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        self.certificate = folder / "idp.pem"
        self.certificate.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def token(self, **claims: Value) -> str:
        """A signed token; a claim of ``None`` is left out."""
        now = int(time.time())
        given = {
            "iss": ISSUER,
            "sub": "repo:team/app",
            "aud": "sts.amazonaws.com",
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        kept = {key: value for key, value in given.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "1"}, kept, self.jwk)

    def response(self, *, sign: str = "assertion", change: tuple[str, str] | None = None, **more: Value) -> str:
        """A signed SAML response; ``change`` replaces a piece of it after it was signed."""
        now = datetime.now(UTC)
        issued = more.get("issued", now)
        end = (issued + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        start = issued.strftime("%Y-%m-%dT%H:%M:%SZ")
        xml = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="{start}">
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0" IssueInstant="{start}">
<saml:Issuer>https://idp.example.com</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">mateo</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{end}"
 Recipient="https://signin.aws.amazon.com/saml"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{start}" NotOnOrAfter="{end}"><saml:AudienceRestriction><saml:Audience>{more.get("audience", "https://signin.aws.amazon.com/saml")}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement>
<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>{SAML_ROLE},{SAML}</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>mateo@example.com</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/PrincipalTag:team"><saml:AttributeValue>blue &amp; green</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement></saml:Assertion></samlp:Response>"""
        document = parseString(xml).documentElement
        assert document is not None
        target: Any = document
        if sign == "assertion":
            (target,) = [node for node in document.childNodes if getattr(node, "localName", "") == "Assertion"]
        if sign != "nothing":
            digest = base64.b64encode(hashlib.sha256(canonical(target)).digest()).decode()
            ds, exc = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/10/xml-exc-c14n#"
            info = f"""<ds:SignedInfo xmlns:ds="{ds}"><ds:CanonicalizationMethod Algorithm="{exc}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#{more.get("uri", target.getAttribute("ID"))}"><ds:Transforms><ds:Transform Algorithm="{ds}enveloped-signature"/><ds:Transform Algorithm="{exc}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"""
            element = parseString(info).documentElement
            assert element is not None
            value = base64.b64encode(self.key.sign(canonical(element), padding.PKCS1v15(), hashes.SHA256())).decode()
            signature = (
                f'<ds:Signature xmlns:ds="{ds}">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>'
            )
            node = parseString(signature).documentElement
            assert node is not None
            target.insertBefore(node, target.childNodes[1])
        text = document.toxml()
        if change is not None:
            assert change[0] in text
            text = text.replace(*change)
        return base64.b64encode(text.encode()).decode()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """An identity provider."""
    return Provider(tmp_path_factory.mktemp("idp"))


@pytest.fixture(scope="module")
def aws(provider: Provider) -> Iterator[Aws]:
    """An endpoint that knows its keys, with both providers in the account and a role for each."""
    federation = Federation(jwks={ISSUER: provider.jwks}, certificates={SAML: provider.certificate})
    with Endpoint(Setup(federation=federation, ids=Ids.NONE)) as endpoint:
        aws = Aws(endpoint)
        iam = aws.client("iam")
        iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40])
        iam.create_saml_provider(Name="idp", SAMLMetadataDocument="<m>" + "x" * 1000 + "</m>")
        web = {
            "Effect": "Allow",
            "Principal": {"Federated": OIDC},
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Condition": {
                "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
                "StringLike": {f"{HOST}:sub": "repo:team/*"},
            },
        }
        blue = {"StringEquals": {"aws:PrincipalTag/team": "blue & green"}}
        aws.role("web", statement(web), allow("sagemaker:ListModels"))
        saml = {
            "Effect": "Allow",
            "Principal": {"Federated": SAML},
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            "Condition": {"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml", "saml:sub": "mateo"}},
        }
        aws.role("saml", statement(saml), allow("sagemaker:ListModels", Condition=blue))
        yield aws


@pytest.fixture(scope="module")
def sts(aws: Aws) -> Client:
    """STS for a client without credentials."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    return boto3.client("sts", endpoint_url=aws.endpoint.url, region_name="us-east-1", config=config)


def keys(answer: Client) -> Credentials:
    """The credentials of an answer."""
    got = answer["Credentials"]
    return Credentials(access_key_id=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"])


def test_a_good_token_opens_a_session(aws: Aws, sts: Client, provider: Provider) -> None:
    """The answer says whose it is, and the session has the role's permissions."""
    answer = sts.assume_role_with_web_identity(RoleArn=WEB, RoleSessionName="ci", WebIdentityToken=provider.token())
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == ("repo:team/app", "sts.amazonaws.com")
    session = keys(answer)
    aws.client("sagemaker", session).list_models()
    assert refused(aws.client("sagemaker", session).list_endpoints).code == "AccessDeniedException"


def test_the_trust_policy_sees_the_claims(sts: Client, provider: Provider) -> None:
    """Another subject is refused, in STS's words."""
    token = provider.token(sub="repo:other/app")
    error = refused(sts.assume_role_with_web_identity, RoleArn=WEB, RoleSessionName="ci", WebIdentityToken=token)
    assert (error.code, error.message) == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": 1_000_000_000}, "ExpiredTokenException"),
        ({"exp": None}, "InvalidIdentityToken"),
        ({"aud": "someone-else"}, "InvalidIdentityToken"),
        ({"iss": "https://evil.example"}, "InvalidIdentityToken"),
        ({"nbf": 4_000_000_000}, "InvalidIdentityToken"),
    ],
)
def test_a_token_that_is_not_good(sts: Client, provider: Provider, claims: dict[str, Any], code: str) -> None:
    """Expired, for somebody else, from somebody else, or not valid yet."""
    token = provider.token(**claims)
    error = refused(sts.assume_role_with_web_identity, RoleArn=WEB, RoleSessionName="ci", WebIdentityToken=token)
    assert (error.code, error.status) == (code, 400)


def test_a_token_signed_by_others_or_by_nobody(sts: Client, provider: Provider, tmp_path: Path) -> None:
    """Another key, no algorithm, or a public key used as a secret."""
    part = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    good = provider.token().split(".")
    public = provider.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    import hmac

    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"1"}').rstrip(b"=").decode()
    mac = hmac.new(public, f"{head}.{good[1]}".encode(), "sha256").digest()
    confused = f"{head}.{good[1]}." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
    for token in (Provider(tmp_path).token(), f"{part}.{good[1]}.", confused, "x.y.z", "nonsense"):
        error = refused(sts.assume_role_with_web_identity, RoleArn=WEB, RoleSessionName="ci", WebIdentityToken=token)
        assert error.code == "InvalidIdentityToken", token


def saml_refused(sts: Client, response: str) -> Refused:
    """How a SAML response is refused."""
    return refused(sts.assume_role_with_saml, RoleArn=SAML_ROLE, PrincipalArn=SAML, SAMLAssertion=response)


@pytest.mark.parametrize("sign", ["assertion", "response"])
def test_a_good_assertion_opens_a_session(aws: Aws, sts: Client, provider: Provider, sign: str) -> None:
    """Signed itself or within a signed response; its tag is a tag of the session."""
    answer = sts.assume_role_with_saml(RoleArn=SAML_ROLE, PrincipalArn=SAML, SAMLAssertion=provider.response(sign=sign))
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/saml/mateo@example.com")
    assert (answer["Subject"], answer["Issuer"], answer["SubjectType"]) == (
        "mateo",
        "https://idp.example.com",
        "persistent",
    )
    aws.client("sagemaker", keys(answer)).list_models()


@pytest.mark.parametrize(
    "change",
    [
        (">mateo<", ">admin<"),
        ("blue &amp; green", "red"),
        (SAML_ROLE, f"arn:aws:iam::{ACCOUNT}:role/web"),
        ('ID="_a"', 'ID="_b"'),
        ("<saml:Issuer>", "<saml:Issuer><!-- x -->evil"),
    ],
)
def test_an_assertion_that_was_changed_afterwards(sts: Client, provider: Provider, change: tuple[str, str]) -> None:
    """The digest is not that of the element any more."""
    assert saml_refused(sts, provider.response(change=change)).code == "InvalidIdentityToken"


def test_an_assertion_that_nobody_or_somebody_else_signed(sts: Client, provider: Provider, tmp_path: Path) -> None:
    """Unsigned, with another key, or with a signature over another element."""
    for response in (
        provider.response(sign="nothing"),
        Provider(tmp_path).response(),
        provider.response(uri="_r"),
        "!!!!",
        base64.b64encode(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>').decode(),
        base64.b64encode(b"<x/>").decode(),
    ):
        assert saml_refused(sts, response).code == "InvalidIdentityToken"


def test_a_wrapped_assertion(sts: Client, provider: Provider) -> None:
    """The signed assertion is moved aside and a forged one is put in its place: refused, since there are two."""
    text = base64.b64decode(provider.response()).decode()
    start, end = text.index("<saml:Assertion"), text.index("</saml:Assertion>") + len("</saml:Assertion>")
    original = text[start:end]
    cut = original[: original.index("<ds:Signature")] + original[original.index("</ds:Signature>") + 15 :]
    forged = cut.replace(">mateo<", ">admin<").replace('ID="_a"', 'ID="_evil"')
    for wrapped in (
        forged + original,
        original + forged,
        forged.replace("</saml:Assertion>", f"<x>{original}</x></saml:Assertion>"),
    ):
        response = base64.b64encode((text[:start] + wrapped + text[end:]).encode()).decode()
        assert saml_refused(sts, response).code == "InvalidIdentityToken"


def test_an_old_assertion_and_one_for_another_audience(sts: Client, provider: Provider) -> None:
    """An assertion is good for five minutes, and for AWS."""
    old = provider.response(issued=datetime.now(UTC) - timedelta(minutes=6))
    assert saml_refused(sts, old).code == "ExpiredTokenException"
    assert saml_refused(sts, provider.response(audience="urn:other")).code == "InvalidIdentityToken"


def test_a_provider_that_the_account_does_not_have(sts: Client, provider: Provider) -> None:
    """Nothing is taken from a token for it."""
    error = refused(
        sts.assume_role_with_saml, RoleArn=SAML_ROLE, PrincipalArn=f"{SAML}-other", SAMLAssertion=provider.response()
    )
    assert error.code == "InvalidIdentityToken"
