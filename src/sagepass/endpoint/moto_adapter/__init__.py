"""The one place that knows the insides of moto, which holds the emulated state and parses requests.

Everything in here rests on modules of moto that promise nothing: its routers and parsers, its backends, its server's
dispatcher. The version is pinned, and the contract tests in ``tests/endpoint`` say what is relied on. moto's own IAM is
never switched on: it is wrong in both directions.
"""
