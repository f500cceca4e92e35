"""The reader: a whole document in continuous scroll with its entities, claims and relations."""
