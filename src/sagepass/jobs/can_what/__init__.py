"""What a principal can do: its effective permissions, and one policy document that grants just these."""
