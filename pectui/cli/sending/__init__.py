"""What `pectui send` is made of."""
