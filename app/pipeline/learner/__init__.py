"""Learning entities of any label from curators' decisions: a linear-chain conditional random field in numpy.

It sees what the learned names see (:mod:`app.pipeline.names.features`) and, where a pipeline ran before it, what that
pipeline proposes; so it learns both what words to mark and which proposals to believe.
"""
