"""Allow-list of read-only AWS operations and their IAM actions."""

from __future__ import annotations

import re

_READS = re.compile(
    r"(?:Describe|Get|List|Search|BatchGet|BatchDescribe|Lookup|Select|Simulate|Filter)(?:[A-Z0-9]\w*)?", re.ASCII
)
# What begins with Get and yet hands out credentials, content, or an address that lets one in.
# The credential report of IAM says when credentials were used, and holds none.
_GIVES_AWAY = re.compile(
    r"(?!GetCredentialReport$)(?:BatchGet|Get|Select)\w*(?:Secret|Password|Credential|Token|PrivateKey|ApiKey"
    r"|Authorization|DataKey|KeyPair|Url|Parameter(?:s|History|sByPath)?$|Object)\w*|(?:Batch)?Get(?:Item|Records|Id|Function|LayerVersion)",
    re.ASCII,
)

# The word before the colon of an IAM action, where it is not the name of the client.
_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "application-insights": "applicationinsights",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
    "sesv2": "ses",
    "stepfunctions": "states",
}
# Actions that are not named after their operation.
_ACTIONS = {
    ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
    ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
    ("s3", "GetBucketReplication"): "s3:GetReplicationConfiguration",
}


def only_reads(operation: str) -> bool:
    """Whether an operation, named as in the service's reference, may be called."""
    return _READS.fullmatch(operation) is not None and _GIVES_AWAY.fullmatch(operation) is None


def action(service: str, operation: str) -> str:
    """The IAM action that a role needs for an operation of a client."""
    return _ACTIONS.get((service, operation), f"{_PREFIXES.get(service, service)}:{operation}")
