"""What happens: commands, services, pipelines and formats. Knows no Qt."""
