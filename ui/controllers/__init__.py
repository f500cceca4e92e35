"""What carries out the actions of :mod:`ui.actions`, one class per subject; panes show, these do."""
