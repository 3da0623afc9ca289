"""The rules of IAM authorization, written to be believed: slow, small, and on the standard library alone.

Nothing in this package knows the engine it is compared with. `evaluate` takes an access case (the form of
`tests/data/README.md`) and says what AWS's documentation says about it.
"""

from tests.reference.semantics import Verdict, evaluate

__all__ = ["Verdict", "evaluate"]
