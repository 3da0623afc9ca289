"""One decision: what every check says to one request, and what that comes to."""
