"""Suggestions for corpora that are too large for a project: shards in, exchange files out.

A shard is an exchange file or a file of JSON lines. ``sources`` reads shards, ``plan`` tells what has to be done,
``writing`` writes what came out, ``suggesting`` leads the documents through a pipeline: processes of this machine
(:mod:`app.pipeline.pool`) or a Dask cluster (``cluster``, whose workers run ``worker``).
"""
