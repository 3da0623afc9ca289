"""One API call, taken apart into the authorizations it needs, by whom, and which field of the request asks for each."""
