"""What AWS defines, as tables: actions, ARN templates, condition keys, sharing, managed policies, quotas. No logic of IAM."""
