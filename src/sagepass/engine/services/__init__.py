"""Rules that single services add to the evaluation."""
