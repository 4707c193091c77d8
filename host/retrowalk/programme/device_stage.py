"""Tells the device which stage it is in: the one place where the plan speaks to a device. Called by plan accept."""

from argparse import Namespace

from retrowalk import cli


def command_for(settings: dict[str, int]) -> str:
    """The command that a person would type."""
    return "retrowalk config set " + " ".join(f"{name}={value}" for name, value in settings.items())


def send(settings: dict[str, int], port: str | None) -> int:
    """Run the verb `config set` with these settings; raises what it raises. The plan is saved before."""
    words = ["set", *(f"{name}={value}" for name, value in settings.items()), *(["--port", port] if port else [])]
    args: Namespace = cli.build_parser("config").parse_args(words)
    return args.run(args)
