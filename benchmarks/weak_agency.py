"""Does the annual report find what is built into a weak agency, and nothing of the kind elsewhere?

    python benchmarks/weak_agency.py --seeds 40
    python benchmarks/weak_agency.py --seeds 40 --strength 0.5 0.25 0

Each seed is a government of twelve agencies and 2,400 people, of which one (Dinas Pertanian) has poor facilities,
lenient raters and unfair rewards (``kinerja_lib.samples.weakness``). The findings are made as the report makes
them, all tests of one report as one family. Counted: how often each weakness is found there, with which strength,
and how often it is said of the agencies without them (the small one and the mildly weak one left out; facilities
there may truly lie below the target by chance, which is then no mistake).

``--strength`` gives the power curve: each weakness at a part of its strength, counted at that agency only. At 0 the
agency has none of them but the organisation's result, so that what is said there is said by mistake.
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
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.judged import advised, judged
from kinerja_lib.reporting.annual.tables import read_tables
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
    parser.add_argument("--strength", type=float, nargs="+", default=[], help="parts of the weaknesses, 0-1")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    sys.stdout.write(curve(seeds, options.strength) if options.strength else table(seeds))


def table(seeds: range) -> str:
    """What is said at the weak agency and of the others, at full strength."""
    found: Counter[str] = Counter()
    strengths: Counter[str] = Counter()
    false: Counter[str] = Counter()
    clean, began = 0, time.process_time()
    for done, seed in enumerate(seeds, 1):
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
                    missed(seed, edition, said)
                    found["all three recommended"] += len(carried) == len(TOPICS)
                else:
                    clean += 1
                    false.update(list(said))
                    false["any"] += bool(said)
        sys.stderr.write(f"\r{done}/{len(seeds)} {dict(found)} {dict(false)}")
        sys.stderr.flush()
    sys.stderr.write("\n")
    lines = [f"{len(seeds)} seeds, {clean} reports of agencies without weaknesses, "
             f"{time.process_time() - began:.0f} s CPU, load {os.getloadavg()[0]:.1f}"]  # fmt: skip
    for topic in (*TOPICS, "all three", "all three recommended"):
        lines.append(f"{topic:24} found {found[topic]} of {len(seeds)}")
    lines += [f"{name:40} {count}" for name, count in sorted(strengths.items())]
    for topic in (*TOPICS, "any"):
        lines.append(f"{topic:24} said without it {false[topic]} of {clean}")
    return "\n".join(lines) + "\n"


def curve(seeds: range, strengths: list[float]) -> str:
    """How often each weakness is said at the weak agency, at parts of its strength."""
    lines = []
    for strength in strengths:
        found: Counter[str] = Counter()
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                sample = synthetic_tables(seed, weak=(WEAK,), strength=strength)
                edition = editions(sample, Path(folder))[WEAK]
                said = said_of(edition)
            found.update(list(said))
            found["all three"] += len(said) == len(TOPICS)
        counts = ", ".join(f"{topic} {found[topic]}" for topic in (*TOPICS, "all three"))
        lines.append(f"strength {strength:g}, {len(seeds)} seeds: {counts}")
        sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines) + "\n"


def missed(seed: int, edition: Edition, said: dict[str, Finding]) -> None:
    """Why a weakness was not said: one line each on the error stream."""
    for finding in judged(edition):
        if finding.topic in set(TOPICS) - set(said):
            sys.stderr.write(
                f"\nseed {seed} {finding.topic}: {finding.sentence('en')} {dict(finding.evidence)}\n"
            )


if __name__ == "__main__":
    main()
