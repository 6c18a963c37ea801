"""What the command-line program can do: one module per command."""
