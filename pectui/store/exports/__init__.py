"""Exports on the disk: what is unfinished, what is finished, and the forms in which messages are written."""
