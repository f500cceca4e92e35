"""What paints rows and cells."""
