"""What must be said before a relation with leadership is: common source, number of units, unit means."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.models.aggregation import Aggregation
from kinerja_lib.models.result import Check

#: units below which a property of units cannot be related to anything
FEW_UNITS = 20.0


def leadership_checks(
    estimates: pd.DataFrame, source: tuple[str, str], personal: bool, aggregation: Aggregation | None
) -> tuple[Check, ...]:
    """``same_source`` first; ``source`` is who gives the measure and who the outcome."""
    shared = source[0] == source[1] != "lain"
    units = float(estimates["units"].min())
    few = units < FEW_UNITS
    if not shared:
        sentence = (
            "Ukuran kepemimpinan dan hasil penilaian berasal dari sumber yang berbeda.",
            "The leadership measure and the outcome come from different sources.",
        )
    elif personal:
        sentence = (
            "Ukuran dan hasil berasal dari orang yang sama; gunakan taksiran leave_one_out, bukan own.",
            "Measure and outcome come from the same people; use leave_one_out, not own.",
        )
    else:
        sentence = (
            "Pimpinan yang melaporkan kegiatannya juga memberi penilaian; sebagian hubungan dapat berasal dari"
            " sumber yang sama. Bandingkan dengan survei pegawai atau kepuasan masyarakat.",
            "The leader who reports the activities also gives the ratings; part of the relation may come from the"
            " common source. Compare with the staff survey or public satisfaction.",
        )
    found = [
        Check("same_source", float(shared), 0.0, "warning" if shared else "ok", *sentence),
        Check(
            "units", units, FEW_UNITS, "fail" if few else "ok",
            "Unit terlalu sedikit untuk menghubungkan sifat unit dengan penilaian." if few
            else "Jumlah unit memadai.",
            "Too few units to relate a property of units with ratings." if few else "Enough units.",
        ),
    ]  # fmt: skip
    return (*found, *(aggregation.checks if aggregation is not None else ()))
