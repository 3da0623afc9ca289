"""Random policy documents that have something to do with a given request."""

from __future__ import annotations

from random import Random

from tests.generators.vocabulary import (
    ADDRESSES,
    ARN_PATTERNS,
    ARN_VALUES,
    BINARIES,
    CALLED_VIA,
    DATES,
    DERIVED_VALUES,
    HERE,
    LISTS,
    NETWORKS,
    NUMBERS,
    STRING_VALUES,
    THERE,
    Caller,
    Json,
)

STRING_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
)
ARN_OPERATORS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def some(rng: Random, values: tuple[str, ...]) -> Json:
    """One value, alone or in a list, or two values."""
    first = rng.choice(values)
    return rng.choice((first, first, [first], [first, rng.choice(values)]))


def in_other_case(rng: Random, name: str) -> str:
    """The same name, once in a while in another case."""
    return rng.choice((name, name, name, name.lower(), name.upper(), name.swapcase()))


class PolicyWriter:
    """Writes documents for one caller and one request."""

    def __init__(self, rng: Random, who: Caller, action: str, resource: str) -> None:
        self.rng, self.who, self.action, self.resource = rng, who, action, resource

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def policy(self, kind: str, *, deny: float, silent: float) -> Json:
        """A named document of one to three statements. `deny`: share of Denies; `silent`: share of unrelated ones."""
        count = self.rng.choice((1, 1, 2, 3))
        statements = [self.statement(kind, deny=deny, silent=silent) for _ in range(count)]
        document: dict[str, Json] = {"Statement": statements[0] if count == 1 and self.chance(0.3) else statements}
        if version := self.rng.choice(("2012-10-17",) * 8 + ("2008-10-17", "")):
            document = {"Version": version, **document}
        return {"name": kind, "document": document}

    def statement(self, kind: str, *, deny: float, silent: float) -> dict[str, Json]:
        """One statement with the elements its kind of policy has."""
        effect = "Deny" if self.chance(deny) else "Allow"
        related = not self.chance(silent)
        statement: dict[str, Json] = {"Effect": effect, **self.actions(related=related)}
        if kind != "trust":
            statement |= {"Resource": "*"} if kind == "key" else self.resources(related=related)
        condition = self.condition() if self.chance(0.7 if effect == "Deny" else 0.3) else {}
        if kind in ("resource", "key", "trust"):
            statement |= self.principal(kind, effect, condition)
        elif kind == "vpc_endpoint":
            names = [name for name in (self.who.principal, self.who.behind) if name]
            statement["Principal"] = self.rng.choice(("*", "*", {"AWS": "*"}, {"AWS": names}))
        elif kind == "resource_control":
            statement["Principal"] = "*"
        if condition:
            statement["Condition"] = condition
        return statement

    def actions(self, *, related: bool) -> dict[str, Json]:
        """Action or NotAction, which covers the request if it is to be related."""
        service, _, name = self.action.partition(":")
        covers = (
            self.action,
            self.action,
            f"{service}:*",
            "*",
            f"{service}:{name[:3]}*",
            f"{service}:?{name[1:]}",
            f"{service}:*{name[2:]}",
        )
        other = ("ec2:RunInstances", f"{service}:{name}X", f"{service}:{name[:-1]}", "logs:*", f"{service}:?{name}")
        if self.chance(0.1):
            return {"NotAction": some(self.rng, other if related else covers)}
        if not related:
            return {"Action": some(self.rng, other)}
        action = in_other_case(self.rng, self.rng.choice(covers))
        return {"Action": self.rng.choice((action, [action, self.rng.choice(other)]))}

    def resources(self, *, related: bool) -> dict[str, Json]:
        """Resource or NotResource; entries with variables may or may not cover the request."""
        resource, rng = self.resource, self.rng
        if resource == "*":
            return {"Resource": "*"}
        stem, name = resource.rsplit("/", 1)
        covers = (
            "*",
            resource,
            f"{stem}/*",
            f"{stem}/{name[:1]}?{name[2:]}",
            f"{stem}/*{name[-1]}",
            resource.rsplit(":", 1)[0] + ":*",
        )
        other = (f"{stem}/{name}2", f"{stem}/{name.swapcase()}", f"{stem}/{name[:-1]}", "arn:aws:s3:::other/*")
        maybe = (
            f"{stem}/${{aws:username}}",
            f"{stem}/${{aws:PrincipalTag/team}}*",
            f"{stem}/${{aws:PrincipalTag/none, '{name}'}}",
            f"{stem}/${{AWS:PrincipalTag/Team, 'train'}}.csv",
            f"{stem}/${{aws:PrincipalTag/none}}*",
            f"{stem}/${{*}}",
            f"{stem}/${{?}}{name[1:]}",
            f"{stem}/${{$}}{name}",
        )
        if rng.random() < 0.1:
            return {"NotResource": some(rng, (*(other if related else covers), rng.choice(maybe)))}
        if not related and self.chance(0.5):
            return {"Resource": some(rng, other)}
        entry = rng.choice(maybe) if self.chance(0.2) else rng.choice(covers)
        return {"Resource": rng.choice((entry, [entry], [rng.choice(other), entry]))}

    def principal(self, kind: str, effect: str, condition: dict[str, Json]) -> dict[str, Json]:
        """Principal or NotPrincipal; adds the aws:PrincipalArn condition to the condition of some wildcard grants."""
        who, rng = self.who, self.rng
        if (
            kind == "resource"
            and who.kind not in ("federated user", "identity provider")
            and self.chance(0.55 if effect == "Deny" else 0.04)
        ):
            return {"NotPrincipal": self.spared(effect)}
        if self.chance(0.03):
            return {}
        if self.chance(0.2):
            if who.has_identity and self.chance(0.5):
                arn = who.behind if who.kind in ("role", "service-linked role") else who.principal
                condition[rng.choice(("ArnEquals", "ArnLike", "StringEquals", "StringLike"))] = {
                    in_other_case(rng, "aws:PrincipalArn"): arn
                }
            return {"Principal": rng.choice(("*", {"AWS": "*"})) if who.has_identity else "*"}
        if not who.has_identity:
            named: dict[str, Json] = {
                "service": {"Service": who.principal},
                "identity provider": {"Federated": who.principal},
            }.get(who.kind, {})
            return {
                "Principal": rng.choice((named, named, named, {"AWS": HERE}, {"Service": "ec2.amazonaws.com"})) or "*"
            }
        account = rng.choice((who.account, f"arn:aws:iam::{who.account}:root"))
        stranger = rng.choice(
            ("AROAOLDOLDOLDOLDOLD1", f"arn:aws:iam::{who.account}:user/alice", THERE if who.account == HERE else HERE)
        )
        names = (
            who.principal,
            who.principal,
            who.behind or who.principal,
            who.behind or account,
            account,
            account,
            stranger,
        )
        return {
            "Principal": {"AWS": some(rng, names)}
            if self.chance(0.9)
            else {"Service": "sagemaker.amazonaws.com", "AWS": rng.choice(names)}
        }

    def spared(self, effect: str) -> Json:
        """The value of a NotPrincipal."""
        who, rng = self.who, self.rng
        strangers: dict[str, Json] = {"AWS": [f"arn:aws:iam::{who.account or HERE}:user/alice"]}
        if effect == "Allow":
            return rng.choice((strangers, {"AWS": who.principal} if who.has_identity else strangers))
        if not who.has_identity:
            return rng.choice((strangers, {"Service": who.principal} if who.kind == "service" else "*"))
        everything = [f"arn:aws:iam::{who.account}:root", *(name for name in (who.behind, who.principal) if name)]
        return rng.choice(
            (
                {"AWS": everything},
                {"AWS": everything},
                {"AWS": everything[:1]},
                {"AWS": everything[1:] or strangers["AWS"]},
                strangers,
            )
        )

    def condition(self) -> dict[str, Json]:
        """One or two operators, each on one or two keys."""
        condition: dict[str, Json] = {}
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            operator, key, value = self.test()
            condition.setdefault(operator, {})[in_other_case(self.rng, key)] = value
        return condition

    def test(self) -> tuple[str, str, Json]:
        """An operator, a key and its values."""
        texts = (self.string_test, self.string_test, self.string_test, self.derived_test, self.called_via_test)
        arns = (self.arn_test, self.principal_arn_test)
        others = (self.number_test, self.date_test, self.bool_test, self.binary_test, self.ip_test, self.null_test)
        return self.rng.choice((*texts, *arns, *others, self.set_test, self.set_test))()

    def string_test(self) -> tuple[str, str, Json]:
        """A string operator, with variables and wildcards among the values."""
        key = self.rng.choice(tuple(STRING_VALUES))
        values = ("${aws:PrincipalTag/team}", "${aws:PrincipalTag/none, 'ml'}", "m${*}", "${?}l", "m?", "*")
        return self.plain(STRING_OPERATORS), key, some(self.rng, (*STRING_VALUES[key], *values))

    def derived_test(self) -> tuple[str, str, Json]:
        """A string operator on a key that follows from the request."""
        keys = ["aws:ResourceAccount"]
        if self.who.has_identity:
            keys += ["aws:PrincipalAccount", "aws:username", "aws:PrincipalType", "kms:CallerAccount"]
        if ":us-east-1:" in self.resource:
            keys.append("aws:RequestedRegion")
        key = self.rng.choice(keys)
        return self.plain(STRING_OPERATORS), key, some(self.rng, DERIVED_VALUES[key])

    def called_via_test(self) -> tuple[str, str, Json]:
        """A plain operator on a multivalued key."""
        return self.plain(STRING_OPERATORS), "aws:CalledVia", some(self.rng, (*CALLED_VIA, "*"))

    def arn_test(self) -> tuple[str, str, Json]:
        """An ARN operator."""
        key = self.rng.choice(tuple(ARN_VALUES))
        return self.plain(ARN_OPERATORS), key, some(self.rng, (*ARN_VALUES[key], *ARN_PATTERNS))

    def principal_arn_test(self) -> tuple[str, str, Json]:
        """The ARN of the caller, or of a near relative."""
        arn = (self.who.behind or self.who.principal) if self.who.has_identity else f"arn:aws:iam::{HERE}:role/Exec"
        values = (arn, arn, arn.rsplit("/", 1)[0] + "/*", f"{arn}2")
        return self.plain((*ARN_OPERATORS, "StringEquals", "StringNotLike")), "aws:PrincipalArn", some(self.rng, values)

    def number_test(self) -> tuple[str, str, Json]:
        """A numeric operator."""
        return (
            self.plain(tuple("Numeric" + name for name in COMPARISONS)),
            "sagemaker:MaxRuntimeInSeconds",
            some(self.rng, NUMBERS),
        )

    def date_test(self) -> tuple[str, str, Json]:
        """A date operator, ISO or epoch."""
        key = self.rng.choice(("aws:CurrentTime", "aws:TokenIssueTime"))
        return self.plain(tuple("Date" + name for name in COMPARISONS)), key, some(self.rng, DATES)

    def bool_test(self) -> tuple[str, str, Json]:
        """Bool; of aws:PrincipalIsAWSService AWS speaks for signed requests only."""
        signed = ("aws:PrincipalIsAWSService",) if self.who.has_identity or self.who.kind == "service" else ()
        key = self.rng.choice(("aws:SecureTransport", "aws:ViaAWSService", "aws:ViaAWSService", *signed))
        return self.plain(("Bool",)), key, self.rng.choice(("true", "false", True, ["false"]))

    def binary_test(self) -> tuple[str, str, Json]:
        """BinaryEquals."""
        return self.plain(("BinaryEquals",)), "s3:x-amz-content-sha256", some(self.rng, BINARIES)

    def ip_test(self) -> tuple[str, str, Json]:
        """An address in a network, or not."""
        return self.plain(("IpAddress", "NotIpAddress")), "aws:SourceIp", some(self.rng, (*NETWORKS, *ADDRESSES))

    def null_test(self) -> tuple[str, str, Json]:
        """Whether a key is there."""
        keys = (*STRING_VALUES, *LISTS, "aws:SourceIp", "aws:ResourceAccount")
        return "Null", self.rng.choice(keys), self.rng.choice(("true", "false", True, False))

    def set_test(self) -> tuple[str, str, Json]:
        """A set operator, mostly on a multivalued key."""
        key = self.rng.choice((*LISTS, *LISTS, "aws:RequestTag/team"))
        values = (*LISTS.get(key, ("ml",)), "ml.*", "t*", "${aws:PrincipalTag/team}")
        return (
            self.rng.choice(("ForAllValues:", "ForAnyValue:")) + self.plain(STRING_OPERATORS),
            key,
            some(self.rng, values),
        )

    def plain(self, operators: tuple[str, ...]) -> str:
        """One of the operators, at times with IfExists."""
        return self.rng.choice(operators) + ("IfExists" if self.chance(0.2) else "")
