"""The command line: parser, commands, output, exit codes."""
