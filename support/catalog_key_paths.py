"""Where the values of SageMaker's condition keys stand in a request: rules on the names of request members.

Source: the condition-key table of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html and the examples of
https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html. A rule applies to an operation
only if the reference attaches the key to its action.
"""

from __future__ import annotations

from typing import Any

LEAVES: dict[str, tuple[str, ...]] = {
    "sagemaker:AcceleratorTypes": ("AcceleratorType", "AcceleratorTypes"),
    "sagemaker:AppNetworkAccessType": ("AppNetworkAccessType",),
    "sagemaker:AuthMode": ("AuthMode",),
    "sagemaker:CustomerMetadataProperties/${MetadataKey}": ("CustomerMetadataProperties",),
    "sagemaker:CustomerMetadataPropertiesToRemove": ("CustomerMetadataPropertiesToRemove",),
    "sagemaker:DirectInternetAccess": ("DirectInternetAccess",),
    "sagemaker:DomainSharingOutputKmsKeyArn": ("S3KmsKeyId",),
    "sagemaker:EnableRemoteDebug": ("EnableRemoteDebug",),
    "sagemaker:FeatureGroupDisableGlueTableCreation": ("DisableGlueTableCreation",),
    "sagemaker:FeatureGroupEnableOnlineStore": ("EnableOnlineStore",),
    "sagemaker:FileSystemAccessMode": ("FileSystemAccessMode",),
    "sagemaker:FileSystemDirectoryPath": ("FileSystemDataSource.DirectoryPath",),
    "sagemaker:FileSystemId": ("FileSystemDataSource.FileSystemId",),
    "sagemaker:FileSystemType": ("FileSystemDataSource.FileSystemType",),
    "sagemaker:ImageArns": ("SageMakerImageArn",),
    "sagemaker:ImageVersionArns": ("SageMakerImageVersionArn",),
    "sagemaker:InstanceTypes": ("InstanceType", "InstanceTypes"),
    "sagemaker:InterContainerTrafficEncryption": ("EnableInterContainerTrafficEncryption",),
    "sagemaker:KeepAlivePeriod": ("KeepAlivePeriodInSeconds",),
    "sagemaker:MaxRuntimeInSeconds": ("MaxRuntimeInSeconds",),
    "sagemaker:MinimumInstanceMetadataServiceVersion": ("MinimumInstanceMetadataServiceVersion",),
    "sagemaker:ModelApprovalStatus": ("ModelApprovalStatus",),
    "sagemaker:ModelArn": ("ModelName",),
    "sagemaker:ModelLifeCycle:Stage": ("ModelLifeCycle.Stage",),
    "sagemaker:ModelLifeCycle:StageStatus": ("ModelLifeCycle.StageStatus",),
    "sagemaker:NetworkIsolation": ("EnableNetworkIsolation",),
    "sagemaker:NotebookInstanceLifecycleConfigArns": ("LifecycleConfigName",),
    "sagemaker:OwnerUserProfileArn": ("OwnershipSettings.OwnerUserProfileName",),
    "sagemaker:PipelineVersionId": ("PipelineVersionId",),
    "sagemaker:RemoteAccess": ("SpaceSettings.RemoteAccess",),
    "sagemaker:RootAccess": ("RootAccess",),
    "sagemaker:ServerlessMaxConcurrency": ("ServerlessConfig.MaxConcurrency",),
    "sagemaker:ServerlessMemorySize": ("ServerlessConfig.MemorySizeInMB",),
    "sagemaker:SpaceSharingType": ("SpaceSharingSettings.SharingType",),
    "sagemaker:StudioLifecycleConfigArns": ("LifecycleConfigArn", "LifecycleConfigArns", "BuiltInLifecycleConfigArn"),
    "sagemaker:TargetModel": ("TargetModel", "TargetContainerHostname"),
    "sagemaker:VolumeKmsKeyArn": ("VolumeKmsKeyId",),
    "sagemaker:VpcSecurityGroupIds": ("SecurityGroupIds", "SecurityGroups"),
    "sagemaker:VpcSubnets": ("Subnets", "SubnetIds", "SubnetId"),
    "sagemaker:WorkteamArn": ("WorkteamArn",),
}
"""Key to the last members of the paths that carry it; a dotted entry also fixes the member above."""

EXACT: dict[tuple[str, str], tuple[str, ...]] = {
    ("sagemaker:VolumeKmsKeyArn", "CreateDomain"): ("HomeEfsFileSystemKmsKeyId", "KmsKeyId"),
    ("sagemaker:VolumeKmsKeyArn", "CreateEndpointConfig"): ("KmsKeyId",),
    ("sagemaker:VolumeKmsKeyArn", "CreateNotebookInstance"): ("KmsKeyId",),
    ("sagemaker:FeatureGroupOfflineStoreS3Uri", "CreateFeatureGroup"): ("OfflineStoreConfig.S3StorageConfig.S3Uri",),
    ("sagemaker:FeatureGroupOfflineStoreKmsKeyArn", "CreateFeatureGroup"): (
        "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    ),
    ("sagemaker:FeatureGroupOnlineStoreKmsKeyArn", "CreateFeatureGroup"): (
        "OnlineStoreConfig.SecurityConfig.KmsKeyId",
    ),
}
"""Paths where the member's name alone would say too little or too much."""

_OUTPUT_KEY = "sagemaker:OutputKmsKeyArn"


def key_paths(operation: str, action: dict[str, Any] | None, paths: list[str]) -> dict[str, list[str]]:
    """Key to request paths for one operation; keys whose values the request does not hold are left out."""
    if action is None:
        return {}
    attached = set(action["conditionKeys"])
    for use in action["resourceTypes"]:
        attached.update(use["conditionKeys"])
    found: dict[str, list[str]] = {}
    for key in sorted(attached):
        carried = [path for path in paths if _carries(key, operation, path)]
        if carried:
            found[key] = carried
    return found


def _carries(key: str, operation: str, path: str) -> bool:
    plain = path.replace("[]", "").replace("{}", "")
    if plain in EXACT.get((key, operation), ()):
        return True
    if key == _OUTPUT_KEY:
        above, _, leaf = plain.rpartition(".")
        return leaf == "KmsKeyId" and "Output" in above.rpartition(".")[2]
    return any(plain == leaf or plain.endswith(f".{leaf}") for leaf in LEAVES.get(key, ()))
