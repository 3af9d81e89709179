"""`heddle doctor`: what works on this machine, what does not, and what to do about it."""

import json
import sys
from itertools import chain
from typing import Annotated

import typer

from desktop import settings
from desktop.doctor import Verdict, examine
from desktop.errors import ExitCode
from desktop.i18n import tr
from desktop.recorder.trial import trial

_MARKS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.PROBLEM: "PROBLEM"}


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print the findings as JSON."))] = False,
    record: Annotated[bool, typer.Option("--record", help=tr("Record two seconds and judge them."))] = False,
) -> None:
    """Checks screen, microphone, permissions, encoder, disk, server, sign-in and uploads."""
    findings = []
    config = settings.load()
    checks = chain(examine(config), [trial(config)] if record else [])
    for finding in checks:
        findings.append(finding)
        if not as_json:
            sys.stdout.write(f"{_MARKS[finding.verdict]:<8} {finding.name:<11} {finding.detail}\n")
            if finding.hint:
                sys.stdout.write(f"{'':<20} {finding.hint}\n")
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(json.dumps([finding.as_json() for finding in findings], indent=2) + "\n")
    bad = any(finding.verdict is Verdict.PROBLEM for finding in findings)
    raise typer.Exit(ExitCode.FAILED if bad else ExitCode.OK)
