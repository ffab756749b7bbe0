"""What `pectui delete` chooses, shows, asks and tells; going on with a job shares the end of it."""
