"""A campaign on the command line: what was asked for, and what it would be and became, as text and JSON."""
