"""The sections of ``kinerja.toml``: a key is an attribute, its type the annotation, its default what holds where it is absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("id", "en")
FORMATS = ("html", "pdf", "docx", "xlsx")


@dataclass(frozen=True)
class ProjectSection:
    """Whose project it is."""

    name: str = "Pemerintah Daerah"
    lang: str = "id"
    synthetic: bool = False
    data_licence: str = ""


@dataclass(frozen=True)
class FoldersSection:
    """Folders, relative to the project's own."""

    raw: str = "data/raw"
    interim: str = "data/interim"
    processed: str = "data/processed"
    reference: str = "data/reference"
    templates: str = "notebooks/templates"
    reports: str = "reports"


@dataclass(frozen=True)
class ReportSection:
    """What ``kinerja report`` and ``kinerja run`` make where the command line is silent."""

    template: str = "laporan_tahunan"
    period: str = ""
    instansi: tuple[str, ...] = ("all",)
    languages: tuple[str, ...] = ("id",)
    formats: tuple[str, ...] = FORMATS
    main_recommendations: int = 5


@dataclass(frozen=True)
class PrivacySection:
    """Small groups."""

    minimum_group: int = 5


@dataclass(frozen=True)
class AccessSection:
    """Who may take lists of people out: accounts, or ``account:agency``. Empty: nobody."""

    follow_up_list: tuple[str, ...] = ()


@dataclass(frozen=True)
class CleaningSection:
    """How rows without a usable NIP are handled; they are linked to a person only where this is asked for."""

    link_without_nip: bool = False
    link_threshold: float = 0.99


@dataclass(frozen=True)
class ThresholdsSection:
    """Limits that the reports apply."""

    jp_pns: float = 20.0
    jp_pppk: float = 24.0
    alpha: float = 0.05
    minimum_clusters: int = 6
    minimum_df: float = 4.0
    skp_on_time: float = 0.95
    stagnation_periods: int = 4
    stagnation_jp: float = 0.0
    report_days: int = 14


@dataclass(frozen=True)
class FacilityWeightsSection:
    """How much each part of the facility index weighs; only their proportions count. 0 leaves a part out."""

    kondisi: float = 1.0
    perangkat: float = 1.0
    internet: float = 1.0
    aplikasi: float = 1.0


@dataclass(frozen=True)
class LeadershipWeightsSection:
    """How much each part of the leadership index weighs."""

    rapat: float = 1.0
    umpan_balik: float = 1.0
    bimbingan: float = 1.0
    apresiasi: float = 1.0


@dataclass(frozen=True)
class LetterheadSection:
    """The title page and the signature."""

    government: str = ""
    unit: str = ""
    address: str = ""
    logo: str = ""
    color: str = "#1F4E79"
    number: str = ""
    place: str = ""
    date: str = ""
    classification: str = ""
    signatory_post: str = ""
    signatory_name: str = ""


@dataclass(frozen=True)
class BatchSection:
    """How many reports at once, the limits of one, and the cluster that makes them where there is one."""

    workers: int = 0
    timeout: float = 600.0
    memory_mb: int = 0
    scheduler: str = ""
    storage: str = ""


@dataclass(frozen=True)
class PlanSection:
    """A named set of reports: ``kinerja report --plan NAME``.

    ``parameters`` are further parameters of the template, checked against its ``parameters`` cell.
    """

    template: str = "laporan_tahunan"
    period: str = ""
    instansi: tuple[str, ...] = ("all",)
    languages: tuple[str, ...] = ("id",)
    formats: tuple[str, ...] = FORMATS
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class InstansiSection:
    """What one agency has of its own on its title page; an empty text means the project's."""

    unit: str = ""
    address: str = ""
    logo: str = ""
    color: str = ""
    number: str = ""
    signatory_post: str = ""
    signatory_name: str = ""


@dataclass(frozen=True)
class SourceSection:
    """A database to read: ``[[sources]]``. The URL never holds a password.

    ``table`` or ``query`` says what is read; ``layout`` names the export form where the columns do not tell.
    """

    name: str = ""
    url: str = ""
    table: str = ""
    query: str = ""
    layout: str = ""


@dataclass(frozen=True)
class Config:
    """All of ``kinerja.toml``; attributes are its sections."""

    project: ProjectSection = field(default_factory=ProjectSection)
    folders: FoldersSection = field(default_factory=FoldersSection)
    report: ReportSection = field(default_factory=ReportSection)
    privacy: PrivacySection = field(default_factory=PrivacySection)
    access: AccessSection = field(default_factory=AccessSection)
    cleaning: CleaningSection = field(default_factory=CleaningSection)
    thresholds: ThresholdsSection = field(default_factory=ThresholdsSection)
    facility_weights: FacilityWeightsSection = field(default_factory=FacilityWeightsSection)
    leadership_weights: LeadershipWeightsSection = field(default_factory=LeadershipWeightsSection)
    letterhead: LetterheadSection = field(default_factory=LetterheadSection)
    batch: BatchSection = field(default_factory=BatchSection)
    plans: Mapping[str, PlanSection] = field(default_factory=dict)
    instansi: Mapping[str, InstansiSection] = field(default_factory=dict)
    sources: tuple[SourceSection, ...] = ()
    competence_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    obstacle_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
