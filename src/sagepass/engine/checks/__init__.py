"""One file per check of an authorization."""
