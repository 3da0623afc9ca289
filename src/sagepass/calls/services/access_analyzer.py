"""IAM Access Analyzer: analyzers by name or ARN; the policy checks take no resource.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamaccessanalyzer.html
"""

from __future__ import annotations

from sagepass.calls.call import Confidence
from sagepass.calls.services.table import Row, ServiceTable, pass_role

_SAME_ACTION = "the newer form of the operation has no action of its own"

TABLE = ServiceTable(
    prefix="access-analyzer",
    resources={
        "Analyzer": {"AnalyzerName": "analyzerName|analyzerArn|resourceArn"},
        "ArchiveRule": {"AnalyzerName": "analyzerName", "RuleName": "ruleName"},
    },
    instead={
        "GetFindingV2": (Row(action="GetFinding", confidence=Confidence.INFERRED, note=_SAME_ACTION),),
        "ListFindingsV2": (Row(action="ListFindings", confidence=Confidence.INFERRED, note=_SAME_ACTION),),
    },
    beside={
        "CreateAnalyzer": (Row(action="TagResource", when="tags", confidence=Confidence.INFERRED),),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html
        "StartPolicyGeneration": (pass_role("cloudTrailDetails.accessRole", "access-analyzer.amazonaws.com"),),
    },
)
