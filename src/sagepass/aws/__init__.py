"""The only room that works with the AWS SDK for Python: boto3 and botocore, from the extra ``aws``, loaded when used."""
