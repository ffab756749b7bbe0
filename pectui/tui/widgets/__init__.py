"""Widgets: they take values and post facts."""
