"""Exchange files merged and compared, for the command line, git and the window."""
