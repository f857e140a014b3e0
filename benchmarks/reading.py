"""Reading and cleaning against the floor and against a hand-written script, in one run on one machine.

``csv``: a million appraisals in one CSV file, to cleaned Parquet. The floor is pyarrow reading the file and writing
it back. The script is what a careful analyst writes with pandas, pyjanitor and pandera for the same file: spellings
folded, NIPs checked, periods built, pseudonyms, the schema validated, bad rows dropped.
``xlsx``: a hundred thousand appraisals in one workbook; the floor is calamine's own read.
``many``: five million appraisals in fifty files, cleaned by two processes.

Each contender runs in a process of its own, round after round; the median of wall time and the peak of memory are
shown. The script needs ``pip install pyjanitor pandera``; where they are missing its line is left out.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HEADER = ("NIP", "Nama Pegawai", "Jabatan", "Unit Kerja", "Tahun", "Periode", "Jenis Dokumen", "Status",
          "Rating Hasil Kerja", "Rating Perilaku Kerja", "Predikat Kinerja", "Catatan")  # fmt: skip
RATINGS = (
    "Diatas Ekspektasi",
    "DI ATAS EKSPEKTASI",
    "Sesuai",
    "Sesuai Ekspektasi",
    "sesuai",
    "Dibawah Ekspektasi",
)
PREDICATES = ("Sangat Baik", "BAIK", "Baik", "Butuh perbaikan", "KURANG (MISCONDUCT)", "Kurang")
UNITS = ("Bidang Pelayanan", "Bidang Program", "Bidang Umum", "Bidang Keuangan", "Sekretariat")
QUARTERS = 20
KEY = b"a key for benchmarks only"


def rows(count: int, first: int = 0) -> list[tuple[str, ...]]:
    """Appraisals of synthetic people, ``QUARTERS`` quarters each, in twelve columns of text."""
    rng = np.random.default_rng(first + 1)
    people = max(count // QUARTERS, 1)
    draws = [rng.integers(0, len(pool), count) for pool in (UNITS, RATINGS, RATINGS, PREDICATES)]
    found = []
    for number in range(count):
        one, quarter = first + number % people, number // people % QUARTERS
        nip = (
            f"{1965 + one % 35}{1 + one % 12:02d}{1 + one % 28:02d}{2015 + one % 8}{1 + one % 12:02d}"
            f"{1 + one % 2}{1 + one // 7 % 999:03d}"
        )
        unit, results, behaviour, predicate = (int(draw[number]) for draw in draws)
        found.append((nip, f"Contoh Sintetis {one}", "Analis Muda", UNITS[unit], str(2022 + quarter // 4),
                      f"Triwulan {('I', 'II', 'III', 'IV')[quarter % 4]}", "SKP", "Final", RATINGS[results],
                      RATINGS[behaviour], PREDICATES[predicate], ""))  # fmt: skip
    return found


def write_csv(path: Path, count: int, first: int = 0) -> None:
    """A ``;`` CSV in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(";".join(row) + "\n" for row in [HEADER, *rows(count, first)])


def write_xlsx(path: Path, count: int, first: int = 0) -> None:
    """A workbook of one sheet."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rekap")
        for number, row in enumerate([HEADER, *rows(count, first)]):
            sheet.write_row(number, 0, row)


def floor_csv(source: Path, target: Path) -> int:
    """pyarrow reads the file and writes it back."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    table = arrow_csv.read_csv(source, parse_options=arrow_csv.ParseOptions(delimiter=";"))
    pq.write_table(table, target / "floor.parquet", compression="zstd")
    return int(table.num_rows)


def reading_csv(source: Path, target: Path) -> int:
    """pyarrow reads the file; nothing is written."""
    import pyarrow.csv as arrow_csv

    return int(arrow_csv.read_csv(source, parse_options=arrow_csv.ParseOptions(delimiter=";")).num_rows)


def floor_xlsx(source: Path, target: Path) -> int:
    """calamine reads the sheet."""
    import python_calamine

    return len(python_calamine.CalamineWorkbook.from_path(str(source)).get_sheet_by_index(0).to_python()) - 1


def _register() -> object:
    from kinerja_lib.cleaning.units import Entry, Register

    units = (
        Entry(f"dinas-contoh.{name.lower().replace(' ', '-')}", name, "unit", "dinas-contoh", ())
        for name in UNITS
    )
    return Register((Entry("dinas-contoh", "Dinas Contoh", "instansi", "", ()), *units))


def ours(source: Path, target: Path) -> int:
    """kinerja_lib: read, clean, account for every row, write."""
    from kinerja_lib.cleaning import clean
    from kinerja_lib.cleaning.tables import coded
    from kinerja_lib.reading import read_export
    from kinerja_lib.workflow.storage import write_frames

    raw = read_export(source, root=source.parents[1])
    result = clean(raw, register=_register(), key=KEY)  # type: ignore[arg-type]
    del raw
    write_frames(target, {**coded(result.tables), "ledger": result.ledger, "accounting": result.accounting})
    account = result.accounting[["read", "kept", "rejected", "merged"]].sum()
    if account["read"] != account["kept"] + account["rejected"] + account["merged"]:
        raise SystemExit("the account does not add up")
    return int(account["read"])


def script(source: Path, target: Path) -> int:
    """pandas, pyjanitor and pandera, written by hand for this very file."""
    import hashlib
    import hmac

    import janitor  # noqa: F401 - registers clean_names
    import pandas as pd
    import pandera.pandas as pa

    if source.suffix == ".csv":
        frame = pd.read_csv(source, sep=";", dtype=str)
    else:
        frame = pd.read_excel(source, dtype=str, engine="calamine")
    frame = frame.clean_names()
    count = len(frame)
    ratings = {"diatas ekspektasi": "Di Atas Ekspektasi", "di atas ekspektasi": "Di Atas Ekspektasi",
               "sesuai": "Sesuai Ekspektasi", "sesuai ekspektasi": "Sesuai Ekspektasi",
               "dibawah ekspektasi": "Di Bawah Ekspektasi"}  # fmt: skip
    predicates = {"sangat baik": "Sangat Baik", "baik": "Baik", "butuh perbaikan": "Butuh Perbaikan",
                  "kurang (misconduct)": "Kurang/Misconduct", "kurang": "Kurang/Misconduct"}  # fmt: skip
    for name, spellings in (("rating_hasil_kerja", ratings), ("rating_perilaku_kerja", ratings),
                            ("predikat_kinerja", predicates)):  # fmt: skip
        frame[name] = frame[name].str.strip().str.lower().map(spellings).astype("category")
    frame["nip"] = frame["nip"].str.replace(r"\D", "", regex=True)
    born = pd.to_datetime(frame["nip"].str[:8], format="%Y%m%d", errors="coerce")
    frame.loc[born.isna(), "nip"] = None
    quarter = frame["periode"].str.extract(r"(IV|III|II|I)\b")[0].map({"I": 1, "II": 2, "III": 3, "IV": 4})
    frame["periode"] = frame["tahun"] + "-Q" + quarter.astype("Int64").astype("str")
    frame["unit"] = "dinas-contoh." + frame["unit_kerja"].str.lower().str.replace(" ", "-")
    codes = {
        n: hmac.new(KEY, n.encode(), hashlib.sha256).hexdigest()[:13] for n in frame["nip"].dropna().unique()
    }
    frame["id_pegawai"] = frame["nip"].map(codes)
    frame = frame.drop(columns=["nip", "nama_pegawai", "catatan"])
    schema = pa.DataFrameSchema(
        {
            "id_pegawai": pa.Column(str, pa.Check.str_matches(r"^[0-9a-f]{13}$")),
            "periode": pa.Column(str, pa.Check.str_matches(r"^\d{4}-Q[1-4]$")),
            "unit": pa.Column(
                str, pa.Check.isin([f"dinas-contoh.{u.lower().replace(' ', '-')}" for u in UNITS])
            ),
        },
        drop_invalid_rows=True,
    )
    frame = schema.validate(frame, lazy=True).drop_duplicates(["id_pegawai", "periode"])
    frame.to_parquet(target / "script.parquet", compression="zstd")
    return count


def ours_many(source: Path, target: Path) -> int:
    """kinerja_lib on a folder of files, two processes."""
    from kinerja_lib.workflow.streaming import clean_folder

    register = _register()
    done = clean_folder(source, target / "p", target / "i", register=register, key=KEY, workers=2)  # type: ignore[arg-type]
    return int(done.accounting["read"].sum())


CONTENDERS: dict[str, Callable[[Path, Path], int]] = {
    "floor_csv": floor_csv,
    "reading_csv": reading_csv,
    "floor_xlsx": floor_xlsx,
    "script": script,
    "ours": ours,
    "ours_many": ours_many,
}


def _one(name: str, source: Path) -> None:
    """Run a contender here and print what it took."""
    with tempfile.TemporaryDirectory() as target:
        if name.startswith("ours"):
            import kinerja_lib.cleaning
            import kinerja_lib.reading
            import kinerja_lib.workflow.storage  # noqa: F401 - loading modules is not part of the work
        import pandas  # noqa: F401
        import pyarrow.csv
        import pyarrow.parquet  # noqa: F401

        began, used = time.perf_counter(), _cpu()
        count = CONTENDERS[name](source, Path(target))
        took, cpu = time.perf_counter() - began, _cpu() - used
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(json.dumps({"seconds": took, "cpu": cpu, "peak": peaks[0], "child": peaks[1], "rows": count}))


def _cpu() -> float:
    """Processor seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(names: list[str], source: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Median wall and processor seconds and peak megabytes of each contender, alternating between them."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            done = subprocess.run(
                [sys.executable, __file__, "--one", name, "--folder", str(source)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode == 0:
                found[name].append(json.loads(done.stdout.splitlines()[-1]))
            else:
                print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    return {
        name: {key: statistics.median(one[key] for one in runs) for key in runs[0]}
        for name, runs in found.items()
        if runs
    }


def _made(path: Path, count: int, first: int = 0) -> None:
    """Write a file unless it is there, in a process of its own: the peak of a child begins at its parent's size."""
    if not path.exists():
        command = [sys.executable, __file__, "--folder", str(path), "--write", str(count), str(first)]
        subprocess.run(command, check=True)


def _show(title: str, found: dict[str, dict[str, float]], floor: str) -> None:
    print(
        f"\n{title}\n{'':14s} {'wall s':>8s} {'cpu s':>8s} {'× floor':>8s} {'peak MB':>8s} {'child MB':>9s}"
    )
    for name, one in found.items():
        times = one["seconds"] / found[floor]["seconds"] if floor in found else float("nan")
        print(
            f"{name:14s} {one['seconds']:8.2f} {one['cpu']:8.2f} {times:8.2f} {one['peak']:8.0f} {one['child']:9.0f}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Print a table for each kind of work."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", nargs="*", default=["csv", "xlsx", "many"], choices=["csv", "xlsx", "many"])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the CSV file")
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="where the files are written (kept), else a temporary folder"
    )
    parser.add_argument("--one", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--write", type=int, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.write:
        (write_xlsx if chosen.folder.suffix == ".xlsx" else write_csv)(chosen.folder, *chosen.write)
        return 0
    if chosen.one:
        _one(chosen.one, chosen.folder)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        if "csv" in chosen.work:
            path = folder / "dinas_contoh" / f"{chosen.rows}.csv"
            _made(path, chosen.rows)
            found = measure(["floor_csv", "reading_csv", "ours", "script"], path, chosen.rounds)
            _show(f"CSV, {chosen.rows:,} rows, {path.stat().st_size >> 20} MB", found, "floor_csv")
        if "xlsx" in chosen.work:
            path = folder / "dinas_contoh" / "100000.xlsx"
            _made(path, 100_000)
            _show(
                "XLSX, 100,000 rows",
                measure(["floor_xlsx", "ours", "script"], path, chosen.rounds),
                "floor_xlsx",
            )
        if "many" in chosen.work:
            for files in (chosen.files // 5, chosen.files):
                many = folder / f"banyak{files}"
                for number in range(files):
                    path = many / "dinas_contoh" / f"{number:02d}.csv"
                    _made(path, 100_000, number * 5_000)
                _show(f"{files} CSV files of 100,000 rows, 2 processes", measure(["ours_many"], many, 1), "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
