"""What `pectui sends` gathers, and its three forms: text, one JSON document, a delivery report as CSV."""
