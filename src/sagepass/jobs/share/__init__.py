"""Letting somebody outside the account in: a plan with every document, and what shows that it lets nobody else in."""
