"""What ``sagepass explain`` knows beside codes: one file a topic, each with its ``TOPIC``."""
