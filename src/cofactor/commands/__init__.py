"""The commands, a file a subject; `cofactor.cli` puts them together."""
