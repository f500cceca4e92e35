"""What is seen: the only house that knows Qt."""
