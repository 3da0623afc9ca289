"""``sagepass explain support``: which features of IAM SageMaker supports, in all and for each of its resource types."""

from __future__ import annotations

from difflib import get_close_matches

from sagepass.catalog.dates import catalog_date
from sagepass.catalog.resource_policies import PolicySource, ResourcePolicySupport
from sagepass.catalog.resources import resource_types, type_of_arn
from sagepass.catalog.sagemaker_support import SERVICE_LINKED_ROLES, Support, TypeSupport, features, type_support
from sagepass.jobs.topics.topic import Entry, Section, Topic, TopicAnswer, UnknownSubjectError

_SERVICE = "sagemaker"
_ROLES = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"
_ACROSS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html"
_SHARED = {
    PolicySource.ATTACHED: "a policy attached through its own API",
    PolicySource.SHARED: "a resource share of AWS RAM, which writes the policy",
    PolicySource.BOTH: "a policy attached through its own API, or a resource share of AWS RAM",
}


def answer(words: tuple[str, ...]) -> TopicAnswer:
    """The page of the service, or of one resource type (``training-job``, an ARN, with or without ``sagemaker`` before it).

    Raises:
        UnknownSubjectError: there is no such service in the table, or no such resource type.
    """
    subject = tuple(word for word in words if word.lower() != _SERVICE)
    if not subject:
        return _service()
    if len(subject) > 1:
        raise UnknownSubjectError("one resource type at a time", f"sagepass explain support {_SERVICE} {subject[0]}")
    name = _type_name(subject[0])
    found = type_support(name)
    if found is None:
        known = [kind.name for kind in resource_types(_SERVICE)]
        near = get_close_matches(name.lower()[:64], known, n=3, cutoff=0.6)
        remedy = f"did you mean {' or '.join(near)}?" if near else "sagepass explain support sagemaker lists the types"
        raise UnknownSubjectError(f"SageMaker has no resource type {subject[0][:64]!r}", remedy)
    return _type(found)


def _type_name(word: str) -> str:
    if word.startswith("arn:"):
        kind = type_of_arn(word)
        return kind.name if kind is not None and kind.service == _SERVICE else word
    if "-" in word or word.islower():
        return word
    dashed = "".join(f"-{one.lower()}" if one.isupper() else one for one in word)
    return dashed.lstrip("-")


def _service() -> TopicAnswer:
    rows = features()
    entries = tuple(
        Entry(
            name=row.name,
            mark=row.support.value,
            text=row.text + (f" AWS's overview page still says {row.aws_overview.value}." if row.aws_overview else ""),
            links=row.links,
        )
        for row in rows
    )
    roles = tuple(
        Entry(name=one.feature, text=_role_text(one.role, one.principal, one.policy), links=(one.link,))
        for one in SERVICE_LINKED_ROLES
    )
    kinds = tuple(kind.name for kind in resource_types(_SERVICE))
    return TopicAnswer(
        title=f"what SageMaker supports of IAM (tables of {catalog_date()})",
        sections=(
            Section(heading="features", entries=entries),
            Section(heading="service-linked roles", entries=roles),
            Section(heading="resource types", entries=(Entry(name=", ".join(kinds)),)),
        ),
        notes=("one resource type: sagepass explain support sagemaker TYPE",),
        data={
            "service": _SERVICE,
            "date": catalog_date(),
            "features": [
                {
                    "id": row.id,
                    "name": row.name,
                    "support": row.support.value,
                    "aws_overview": row.aws_overview.value if row.aws_overview else row.support.value,
                    "text": row.text,
                    "links": list(row.links),
                }
                for row in rows
            ],
            "service_linked_roles": [
                {"feature": one.feature, "role": one.role, "principal": one.principal, "policy": one.policy, "link": one.link}
                for one in SERVICE_LINKED_ROLES
            ],
            "resource_types": list(kinds),
        },
    )  # fmt: skip


def _role_text(role: str | None, principal: str | None, policy: str) -> str:
    if role is None:
        return f"AWS publishes its policy, {policy}; no page names the role"
    return f"{role}, for {principal}, with {policy}"


def _type(found: TypeSupport) -> TopicAnswer:
    name = found.type.name
    entries = (
        Entry(name="ARN", text=" or ".join(found.type.arn_templates), links=(_REFERENCE,)),
        _policy_entry(found.policy, name),
        Entry(name="access control lists", mark=Support.NO.value),
        Entry(
            name="tags of the resource in conditions",
            mark=(Support.YES if found.resource_tags else Support.NO).value,
            text="aws:ResourceTag/KEY and sagemaker:ResourceTag/KEY" if found.resource_tags else "such a condition never matches",
            links=(_REFERENCE,),
        ),
        Entry(
            name="tags when it is created",
            mark=(Support.YES if found.request_tags else Support.NO).value,
            text="aws:RequestTag/KEY and aws:TagKeys; needs sagemaker:AddTags" if found.request_tags else "",
        ),
        Entry(
            name="condition keys of SageMaker's own",
            mark=(Support.YES if found.condition_keys else Support.NO).value,
            text=", ".join(found.condition_keys),
            links=(_REFERENCE,),
        ),
        Entry(name="temporary credentials", mark=Support.YES.value),
        Entry(
            name="service roles",
            mark=(Support.YES if found.role_paths else Support.NO).value,
            text=", ".join(found.role_paths) or _without_role(found),
            links=(_ROLES, _PASSING) if found.role_paths else (),
        ),
        Entry(name="made by", text=", ".join(found.created_by) or "no operation of the API"),
        Entry(name="actions on it", text=str(found.actions or "none: the reference lists no action with this type")),
    )  # fmt: skip
    return TopicAnswer(
        title=f"what a {name} of SageMaker supports of IAM (tables of {catalog_date()})",
        sections=(Section(heading="", entries=entries),),
        data=_type_data(found),
    )


def _policy_entry(policy: ResourcePolicySupport | None, name: str) -> Entry:
    if policy is None:
        text = "another account reaches it only through a role in the account that owns it"
        return Entry(name="resource-based policy", mark=Support.NO.value, text=text, links=(_ACROSS,))
    where = "" if policy.holder == name else f", on the {policy.holder} that it belongs to"
    read = f"; read it with {policy.read_with}" if policy.read_with else ""
    return Entry(
        name="resource-based policy",
        mark=Support.YES.value,
        text=f"{_SHARED[policy.source]}{where}{read}",
        links=(policy.link,),
    )


def _without_role(found: TypeSupport) -> str:
    return "the request that makes it passes no role" if found.created_by else ""


def _type_data(found: TypeSupport) -> dict[str, object]:
    policy = found.policy
    return {
        "service": _SERVICE,
        "date": catalog_date(),
        "resource_type": found.type.name,
        "arn_templates": list(found.type.arn_templates),
        "resource_based_policy": policy
        and {
            "holder": policy.holder,
            "source": policy.source.value,
            "read_with": policy.read_with,
            "link": policy.link,
        },
        "acls": False,
        "resource_tags": found.resource_tags,
        "request_tags": found.request_tags,
        "condition_keys": list(found.condition_keys),
        "temporary_credentials": True,
        "service_roles": list(found.role_paths),
        "created_by": list(found.created_by),
        "actions": found.actions,
        "addressed_by_arn_in": list(found.named_by_arn),
    }


TOPIC = Topic(
    name="support",
    usage="sagemaker [TYPE]",
    summary="which features of IAM SageMaker supports, in all and for each resource type",
    answer=answer,
)
