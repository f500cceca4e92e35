"""The Swedish rules: from a text to mentions, claims, relations and furniture, without any statistics."""
