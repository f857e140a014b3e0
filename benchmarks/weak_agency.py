"""Does the annual report find what is built into a weak agency, and nothing of the kind elsewhere?

    python benchmarks/weak_agency.py --seeds 40

Each seed is a government of twelve agencies and 2,400 people, of which one (Dinas Pertanian) has poor facilities,
lenient raters and unfair rewards (``kinerja_lib.samples.weakness``). The findings are made as the report makes
them, all tests of one report as one family. Counted: how often each weakness is found there, with which strength,
and how often it is said of the agencies without them (the small one and the mildly weak one left out; facilities
there may truly lie below the target by chance, which is then no mistake).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kinerja_lib.config import Config
from kinerja_lib.findings import Finding
from kinerja_lib.panel import build_panel
from kinerja_lib.reporting.annual.edition import Edition, read_tables
from kinerja_lib.reporting.annual.judged import advised, judged
from kinerja_lib.samples import Synthetic, synthetic_tables
from kinerja_lib.schema.periode import Periode

WEAK = "dinas-pertanian"
TOPICS = ("fasilitas", "kelonggaran_penilai", "keadilan_penghargaan")
LEFT_OUT = ("dinas-kependudukan-dan-pencatatan-sipil", "badan-kesatuan-bangsa-dan-politik")


def editions(sample: Synthetic, root: Path) -> dict[str, Edition]:
    """An edition of 2025 for each agency of a sample."""
    tables = read_tables({**sample.tables, "panel": build_panel(sample.tables).panel})
    names = dict(zip(sample.register["kode"], sample.register["nama"], strict=True))
    return {
        code: Edition(root, Config(), code, Periode("2025"), "id", tables, names)
        for code in sample.organisation.agency_codes
    }


def said_of(edition: Edition) -> dict[str, Finding]:
    """The three topics that the report makes a claim on, where the claim is one of a weakness."""
    found = {f.topic: f for f in judged(edition) if f.said and f.strength != "none" and f.topic in TOPICS}
    return {topic: f for topic, f in found.items() if f.direction in ("above", "below")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=101)
    options = parser.parse_args()
    found: Counter[str] = Counter()
    strengths: Counter[str] = Counter()
    false: Counter[str] = Counter()
    clean, began = 0, time.process_time()
    for seed in range(options.first, options.first + options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            for code, edition in editions(synthetic_tables(seed, weak=(WEAK,)), Path(folder)).items():
                if code in LEFT_OUT:
                    continue
                said = said_of(edition)
                if code == WEAK:
                    found.update(list(said))
                    strengths.update(f"{topic} {finding.strength}" for topic, finding in said.items())
                    carried = {advice.topic for advice in advised(edition)} & set(TOPICS)
                    found["all three"] += len(said) == len(TOPICS)
                    found["all three recommended"] += len(carried) == len(TOPICS)
                else:
                    clean += 1
                    false.update(list(said))
                    false["any"] += bool(said)
        sys.stderr.write(f"\r{seed - options.first + 1}/{options.seeds} {dict(found)} {dict(false)}")
        sys.stderr.flush()
    sys.stderr.write("\n")
    lines = [f"{options.seeds} seeds, {clean} reports of agencies without weaknesses, "
             f"{time.process_time() - began:.0f} s CPU, load {os.getloadavg()[0]:.1f}"]  # fmt: skip
    for topic in (*TOPICS, "all three", "all three recommended"):
        lines.append(f"{topic:24} found {found[topic]} of {options.seeds}")
    lines += [f"{name:40} {count}" for name, count in sorted(strengths.items())]
    for topic in (*TOPICS, "any"):
        lines.append(f"{topic:24} said without it {false[topic]} of {clean}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
