"""What a command does: one function per command, inside one unit of work. A service never asks back."""
