"""Who gained or lost what between two snapshots of the same accounts."""
