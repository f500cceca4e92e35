"""File formats: what projects are written as and read from. ``registry.FORMATS`` lists them."""
