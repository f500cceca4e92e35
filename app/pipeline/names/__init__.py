"""Names of people, places and organisations, learned from annotated news: features, weights and decoding."""
