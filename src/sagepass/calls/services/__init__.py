"""What the operations of other services need: one file a service, rows of data, and the one walk that applies them."""
