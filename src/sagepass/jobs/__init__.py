"""What a person asks for: diagnose a denial, run access cases, explain a code."""
