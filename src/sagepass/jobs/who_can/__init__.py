"""Who can perform an action on a resource: directly, or through roles."""
