"""What statements of a policy do not do, or do too well: findings that take the tables or a proof."""
