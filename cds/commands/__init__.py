"""The commands of `ivig-cds`: each file is one command, with a function of the same name."""
