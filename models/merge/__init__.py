"""Merging three versions of a corpus by id and field: a common origin and what two sides made of it.

Works on the records of the exchange file as parsed JSON; knows no files. The laws are those of the exchange
format's chapter on merging.
"""
