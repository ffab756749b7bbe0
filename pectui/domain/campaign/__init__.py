"""A campaign: a table of recipients and a text with placeholders, and the finished messages that they make."""
