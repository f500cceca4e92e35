"""Files that ship with the program: read through :func:`app.paths.resource`."""
