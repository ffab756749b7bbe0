"""What pectui remembers on disk, and the locks around it: the only folder that knows TinyDB."""
