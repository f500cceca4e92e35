"""Suggestions by a spaCy pipeline in a process of its own.

``protocol``, ``client``, ``installed`` and ``mapping`` run in the caller's process and know nothing of spaCy;
``worker``, ``suggest``, ``components`` and ``rules`` run in the worker process.
"""
