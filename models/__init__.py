"""What is true: records and the store. Knows neither Qt nor spaCy."""
