"""What holds for every test."""

from hypothesis import settings

# How long one example takes depends on what else the machine does; a test that cares about time measures it itself.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
