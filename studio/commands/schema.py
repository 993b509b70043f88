"""`studio schema`: the JSON schema of the files that people write."""

from __future__ import annotations

import json

import click

from studio.scaffold import json_schema


@click.command("schema")
@click.argument("document", type=click.Choice(["film", "storyboard"]))
def command(document: str) -> None:
    """Print the JSON schema of film.yaml or storyboard.yaml on stdout.

    Editors use it to complete and check; `studio new` puts both into .studio/.
    """
    click.echo(json.dumps(json_schema(document), ensure_ascii=False, indent=2))
