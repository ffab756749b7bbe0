"""How pectui talks to the PEC Massiva service: the only folder that knows HTTP."""
