"""The commands of `ivig-cds`: one file each, with a function of the same name that typer reads."""
