"""How it looks: the only folder that knows Textual."""
