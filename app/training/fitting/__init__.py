"""The side of training that knows spaCy. It runs in a command's own process, never in the window's."""

import logging

logging.getLogger("spacy").setLevel(logging.WARNING)  # how it initialises is for its developers
