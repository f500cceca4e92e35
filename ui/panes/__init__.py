"""The panes of the window; they never call each other."""
