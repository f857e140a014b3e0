"""From what was asked to a list of jobs: template × agency × language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kinerja_lib.config import FORMATS, LANGUAGES
from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.template import Template, check_parameters
from kinerja_lib.schema.periode import Periode

GOVERNMENT = "pemerintah"  # folder and file name of the report on the whole government
PLANNED = ("instansi", "periode", "lang", "project")  # parameters that the plan itself sets
WHOLE = "all"  # value of a template's ``instansi`` parameter for the whole government


@dataclass(frozen=True)
class Job:
    """One report: a template, its parameters, where its files go, and the formats wanted.

    ``folder`` is relative to the project; ``stem`` is the file name without its ending.
    """

    template: str
    template_path: str
    instansi: str
    periode: str
    lang: str
    formats: tuple[str, ...]
    folder: str
    stem: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call the job."""
        return f"{self.instansi} · {self.lang}"

    def outputs(self, root: Path) -> dict[str, Path]:
        """Files that the job makes, by format."""
        return {kind: root / self.folder / f"{self.stem}.{kind}" for kind in self.formats}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a pipe or a file."""
        return {**asdict(self), "formats": list(self.formats)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Job:
        """The inverse of ``to_dict``."""
        return cls(**{**values, "formats": tuple(values["formats"])})


def make_plan(
    template: Template,
    *,
    project: Path,
    reports: str,
    periode: str,
    instansi: Sequence[str],
    known: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    parameters: Mapping[str, Any] | None = None,
) -> tuple[Job, ...]:
    """Expand a request to jobs; everything is checked before anything starts.

    Parameters
    ----------
    template : Template
    project : Path
        The project's folder, given to the template's ``project`` parameter.
    reports : str
        Folder of the reports, relative to the project.
    periode : str
        Period of the reports.
    instansi : sequence of str
        Agency codes; ``all`` is the whole government and each agency, ``pemerintah`` the whole government.
    known : sequence of str
        Agency codes in the data.
    languages, formats : sequence of str
    parameters : mapping, optional
        Further parameters of the template.

    Returns
    -------
    tuple of Job
        The whole government first, then agencies in the order of ``known``.

    Raises
    ------
    UsageError
        An unknown agency, language or format.
    TemplateError
        A parameter that the template does not have, or of a wrong type.
    """
    period = Periode(periode)
    _check_choices(Both("bahasa", en="language"), languages, LANGUAGES)
    _check_choices(Both("format", en="format"), formats, FORMATS)
    jobs = []
    for code in _expand(instansi, known):
        for lang in languages:
            values = {
                "instansi": WHOLE if code == GOVERNMENT else code,
                "periode": str(period),
                "lang": lang,
                "project": project.as_posix(),
                **(parameters or {}),
            }
            jobs.append(
                Job(
                    template=template.name,
                    template_path=template.path.as_posix(),
                    instansi=code,
                    periode=str(period),
                    lang=lang,
                    formats=tuple(formats),
                    folder=f"{reports}/{period}/{code}",
                    stem=f"{template.name}-{period}-{code}{unit_suffix(values)}-{lang}",
                    parameters=check_parameters(template, values),
                )
            )
    return tuple(jobs)


def unit_suffix(values: Mapping[str, Any]) -> str:
    """``-bidang-sma`` for a report on one work unit, so that two units' reports do not share a file."""
    unit = str(values.get("unit") or "").rpartition(".")[2].lower()
    slug = re.sub("[^a-z0-9]+", "-", unit).strip("-")
    return f"-{slug}" if slug else ""


def _expand(asked: Sequence[str], known: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for code in asked:
        if code == "all":
            chosen += [GOVERNMENT, *known]
        elif code == GOVERNMENT or code in known:
            chosen.append(code)
        else:
            raise unknown_agency(code, known)
    return list(dict.fromkeys(chosen))


def unknown_agency(code: str, known: Sequence[str]) -> UsageError:
    """The error for an agency that is not in the data: names the closest ones."""
    from rapidfuzz import process

    near = [str(match[0]) for match in process.extract(code, list(known), limit=3)]
    return UsageError(
        Both(f"instansi tidak ada pada data: {code}", en=f"no such agency in the data: {code}"),
        details=[Both(f"yang terdekat: {', '.join(near) or '-'}", en=f"closest: {', '.join(near) or '-'}")],
        action=Both("kinerja status menampilkan kode instansi", en="kinerja status lists the agency codes"),
    )


def _check_choices(what: Both, given: Sequence[str], allowed: Sequence[str]) -> None:
    choose = Both(f"pilih dari: {', '.join(allowed)}", en=f"choose from: {', '.join(allowed)}")
    if not given:
        raise UsageError(Both(f"tidak ada {what} yang dipilih", en=f"no {what.en} chosen"), action=choose)
    for item in given:
        if item not in allowed:
            raise UsageError(
                Both(f"{what} tidak dikenal: {item}", en=f"unknown {what.en}: {item}"), action=choose
            )
