"""Jobs as `pectui jobs` prints them: text, and the documents that `--json` promises."""
