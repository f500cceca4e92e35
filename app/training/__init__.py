"""Training a pipeline on a project's labels, and measuring how well one meets them.

``scoring``, ``judged`` and ``words`` are plain Python; the other modules know spaCy and run in a command's process.
"""
