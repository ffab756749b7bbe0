"""pectui: a terminal program for Italy's certified mail (PEC) sent in bulk."""

__version__ = "0.1.0"
