"""Evidence: error texts, events and answers of AWS that tell of a denial, read into one record."""
