"""What stands in for the service: it speaks its own wire format and never imports the client."""
