"""What an analysis of raters must say before anything is compared: verdicts, and the refusal of a league table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.models.rater_graph import RaterGraph
from kinerja_lib.models.result import Check
from kinerja_lib.models.wording import model_error, say

#: adjusted p-value below which a rater is marked, and how small a spread then is "central"
MARKED = 0.05
CENTRAL = 0.8
#: mean reliability of severities below which raters cannot be ranked
RELIABLE = 0.5
#: share of employees with two raters or more below which severity and performance cannot be told apart
BRIDGED = 0.05


def rater_checks(graph: RaterGraph, table: pd.DataFrame, people: int) -> tuple[Check, ...]:
    """Linked, bridged, reliable; how many raters stand out. ``table`` has a row a rater, ``people`` are employees."""
    parts = float(len(graph.table))
    linked = graph.connected
    bridged = float(graph.table["bridges"].sum()) / people
    few = bridged < BRIDGED
    reliability = float(np.nan_to_num(table["reliability_log_odds"].mean()))
    loose = reliability < RELIABLE
    central = float(table["central"].mean())
    checks = [
        Check(
            "connected", parts, 1.0, "ok" if linked else "fail",
            "Semua penilai terhubung melalui pegawai yang sama." if linked
            else "Penilai tidak terhubung melalui pegawai yang sama; beda antarkomponen dapat berarti ketegasan"
            " atau kinerja, sehingga peringkat penilai tidak disajikan.",
            "All raters are linked through common employees." if linked
            else "Raters are not linked through common employees; a difference between components may be severity"
            " or performance, so no league table of raters is given.",
        ),
        Check(
            "bridges", bridged, BRIDGED, "warning" if few else "ok",
            "Hampir setiap pegawai dinilai satu penilai saja; ketegasan tidak terpisah dari kinerja." if few
            else "Cukup banyak pegawai dinilai oleh lebih dari satu penilai.",
            "Nearly every employee has one rater; severity is not separated from performance." if few
            else "Enough employees have been rated by more than one rater.",
        ),
        Check(
            "reliability", reliability, RELIABLE, "warning" if loose else "ok",
            "Ketegasan penilai ditaksir terlalu kasar untuk diperingkat." if loose
            else "Ketegasan penilai cukup andal.",
            "Severities are too imprecise to be ranked." if loose else "Severities are reliable enough.",
        ),
        Check(
            "central_tendency", central, MARKED, "warning" if central > MARKED else "ok",
            "Sebagian penilai hampir tidak membedakan pegawainya." if central > MARKED
            else "Tidak tampak penilai yang menumpuk nilai di tengah melebihi kebetulan.",
            "Some raters hardly tell their employees apart." if central > MARKED
            else "No more raters cluster their ratings than chance would give.",
        ),
    ]  # fmt: skip
    if "halo_marked" in table:
        halo = float(table["halo_marked"].mean())
        checks.append(
            Check(
                "halo", halo, MARKED, "warning" if halo > MARKED else "ok",
                "Sebagian penilai memberi nilai hasil dan perilaku yang hampir sama." if halo > MARKED
                else "Hasil dan perilaku kerja dinilai terpisah sebagaimana pada umumnya.",
                "Some raters rate results and behaviour nearly alike." if halo > MARKED
                else "Results and behaviour are rated as separately as they generally are.",
            )
        )  # fmt: skip
    return tuple(checks)


def no_component(component: int, components: pd.DataFrame, lang: str) -> Exception:
    """The error for a component that does not exist."""
    return model_error(
        lang,
        f"Komponen {component} tidak ada.",
        f"There is no component {component}.",
        (f"Pilih 1 sampai {len(components)}.", f"Choose 1 to {len(components)}."),
    )


def not_linked(components: pd.DataFrame, lang: str, call: str = "league_table") -> Exception:
    """The refusal of a league table, with what could be compared; ``call`` takes ``component``."""
    usable = components.loc[components["raters"] > 1, "component"].tolist()
    inside = ", ".join(str(k) for k in usable[:5])
    rows = tuple(
        say(lang, "komponen {} -> {} penilai, {} pegawai", "component {} -> {} raters, {} employees").format(
            r.component, r.raters, r.ratees
        )
        for r in components.head(5).itertuples()
    )
    return model_error(
        lang,
        f"Penilai terbagi dalam {len(components)} komponen tanpa pegawai yang sama; peringkat tidak disajikan.",
        f"Raters fall into {len(components)} components without common employees; no league table is given.",
        (
            f"Bandingkan di dalam satu komponen ({inside}), misalnya {call}(component={usable[0]})."
            if usable else "Diperlukan pegawai yang dinilai oleh lebih dari satu penilai.",
            f"Compare inside one component ({inside}), say {call}(component={usable[0]})."
            if usable else "Employees rated by more than one rater are needed.",
        ),
        rows,
    )  # fmt: skip
