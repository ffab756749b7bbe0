"""`pectui quota`: the words, the check of monitoring systems, the metrics, the watch."""
