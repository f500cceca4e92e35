"""What lists and tables show, as Qt wants to be asked."""
