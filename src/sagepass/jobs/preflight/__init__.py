"""Preflight: everything that a call takes, decided before it is made, and what each owner has to change."""
