"""Dialogs: each takes the bridge and gives back what was asked for; long work is the job board's."""
