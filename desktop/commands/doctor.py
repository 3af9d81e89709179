"""`heddle doctor`: what works on this machine, what does not, and what to do about it."""

import json
import sys
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from desktop import settings
from desktop.diagnostics.doctor import examine
from desktop.errors import ExitCode, HeddleError
from desktop.i18n import tr
from desktop.models.diagnostics import Finding, Verdict
from desktop.recorder.trial import trial

_MARKS = {Verdict.OK: tr("ok"), Verdict.WARNING: tr("warning"), Verdict.PROBLEM: tr("PROBLEM")}


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print the findings as JSON."))] = False,
    record: Annotated[bool, typer.Option("--record", help=tr("Record two seconds and judge them."))] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=tr("Write a report on a bug, without private data; - prints it.")),
    ] = None,
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
    if bundle:
        _report(findings, bundle)
    bad = any(finding.verdict is Verdict.PROBLEM for finding in findings)
    raise typer.Exit(ExitCode.FAILED if bad else ExitCode.OK)


def _report(findings: list[Finding], file: Path) -> None:
    from desktop.diagnostics.report import report

    text = report(findings)
    if str(file) == "-":
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise HeddleError(tr("The report could not be written"), str(error)) from error
    words = tr(
        "Titles, file names, addresses and secrets were taken out. Look it through before you pass it on:"
    )
    sys.stderr.write(f"{words} {file}\n")
