"""What is stated beside the error is checked before anything is decided."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Cli


@pytest.mark.parametrize("arguments", [["--as", "nobody"], ["--resource-account", "12"]])
def test_a_statement_that_is_none_is_refused(cli: Cli, arguments: list[str]) -> None:
    """A name that is no principal and a number that is no account end with the usage code and a remedy."""
    result = cli("why", "An error occurred (403) when calling the HeadObject operation: Forbidden", *arguments)
    assert result.code == 2
    assert "help:" in result.err
