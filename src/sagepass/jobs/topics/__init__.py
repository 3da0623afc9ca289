"""Topics of ``sagepass explain``: pages that are worked out from the tables, one file a topic.

A topic ``NAME`` is a file ``NAME.py`` in this folder that exposes ``TOPIC``, a :class:`~sagepass.jobs.topics.topic.Topic`
whose name is ``NAME`` (a dash in the name is an underscore in the file). ``sagepass explain NAME WORDS`` then hands the words
to it; nothing else has to be registered.
"""
