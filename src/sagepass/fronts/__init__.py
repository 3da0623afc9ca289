"""The fronts: each a thin layer over the public surface."""
