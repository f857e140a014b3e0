"""A new form without code: propose, confirm, write, and read with it."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path

import pytest
import xlsxwriter

from kinerja_lib.cli import run
from kinerja_lib.config import starter

REGISTER = "kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus\n"
UNITS = (
    "dinas-pendidikan,Dinas Pendidikan,instansi,,Disdik,,,,,\n"
    "dinas-pendidikan.sekretariat,Sekretariat,unit,dinas-pendidikan,,,,,,\n"
)
HEADER = ["Nomer Pegawai", "Nama Lengkap", "Unit Organisasi", "Thn", "Masa Penilaian"]
RATINGS = ["Rating Hasil Kerja Pegawai", "Rating Perilaku", "Predikat Kinerja Akhir", "Catatan Atasan"]
ROWS = [
    [
        "198609262015051001",
        "Contoh Satu",
        "Sekretariat",
        "2025",
        "Triwulan I",
        "Sesuai",
        "Sesuai",
        "Baik",
        "-",
    ],
    [
        "199001152024212003",
        "Contoh Dua",
        "Sekretariat",
        "2025",
        "Triwulan I",
        "Diatas",
        "Sesuai",
        "Baik",
        "-",
    ],
    [
        "199001152024212005",
        "Contoh Tiga",
        "Sekretariat",
        "2025",
        "Triwulan I",
        "Sesuai",
        "Sesuai",
        "Baik",
        "-",
    ],
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "kinerja.toml").write_text(starter("Uji", place="Uji", synthetic=True), encoding="utf-8")
    reference = tmp_path / "data" / "reference"
    reference.mkdir(parents=True)
    (reference / "units.csv").write_text(REGISTER + UNITS, encoding="utf-8")
    return tmp_path


def _text(place: Path, name: str = "Rekap Baru 2025.csv") -> Path:
    title = ["REKAPITULASI KINERJA PEGAWAI", "Perangkat Daerah : Dinas Pendidikan"]
    lines = title + [";".join(row) for row in [HEADER + RATINGS, *ROWS]]
    (place / name).write_text("\n".join(lines), encoding="utf-8")
    return place / name


def _call(capsys: pytest.CaptureFixture[str], place: Path, *words: object) -> tuple[int, str, str]:
    code = run([*map(str, words), "--project", str(place)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_accept_takes_the_certain_columns_and_lists_the_rest(
    capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    file = _text(place)
    assert _call(capsys, place, "check", file)[0] == 4  # no layout fits yet
    code, text, _ = _call(capsys, place, "layout", "new", file, "--accept", "--lang", "en")
    assert code == 0
    assert "Rating Hasil Kerja Pegawai: not mapped" in text
    assert "81.8" in text  # the score that was too low is shown
    layout = tomllib.loads((place / "data/reference/layouts/rekap-baru.toml").read_text(encoding="utf-8"))
    assert layout["table"] == "penilaian"
    assert layout["fields"]["nip"] == ["Nomer Pegawai"]
    assert layout["fields"]["predikat_tercetak"] == ["Predikat Kinerja Akhir"]
    assert "hasil_kerja" not in layout["fields"]
    code, text, _ = _call(capsys, place, "check", file, "--json")
    (entry,) = json.loads(text)["files"]
    assert (code, entry["layout"], entry["read"], entry["kept"]) == (0, "rekap-baru", 3, 3)


@pytest.mark.parametrize(("lang", "yes"), [("id", "y"), ("en", "yes")])
def test_doubtful_columns_are_asked_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: Path, lang: str, yes: str
) -> None:
    file = _text(place)
    _answers(monkeypatch, "gaji", "1", "0", yes)  # no such field; the first choice; set aside; write
    code, text, _ = _call(capsys, place, "layout", "new", file, "--name", "bentuk", "--lang", lang)
    assert code == 0
    assert ("bukan pilihan: gaji" if lang == "id" else "not a choice: gaji") in text
    layout = tomllib.loads((place / "data/reference/layouts/bentuk.toml").read_text(encoding="utf-8"))
    assert layout["fields"]["hasil_kerja"] == ["Rating Hasil Kerja Pegawai"]
    assert layout["ignored"] == ["Catatan Atasan"]
    code, text, _ = _call(capsys, place, "check", file, "--lang", lang)
    assert code == 0
    assert "Rating Hasil Kerja Pegawai → hasil_kerja" in text
    assert "?" not in text


def test_nobody_answers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    _answers(monkeypatch)
    code, _, error = _call(capsys, place, "layout", "new", _text(place))
    assert code == 2
    assert "--accept" in error
    assert not (place / "data/reference/layouts").exists()


def test_a_layout_is_never_overwritten_unasked(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    file = _text(place)
    words = ("layout", "new", file, "--accept")
    assert _call(capsys, place, *words)[0] == 0
    target = place / "data/reference/layouts/rekap-baru.toml"
    target.write_text("# sudah diubah\n", encoding="utf-8")
    code, _, error = _call(capsys, place, *words)
    assert code == 2
    assert "--force" in error
    assert target.read_text(encoding="utf-8") == "# sudah diubah\n"
    target.unlink()
    target.write_text('table = "penilaian"\nrequired = ["nip"]\n[fields]\nnip = ["X"]\n', encoding="utf-8")
    assert _call(capsys, place, *words, "--force")[0] == 0
    assert "Nomer Pegawai" in target.read_text(encoding="utf-8")


def test_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    code, text, _ = _call(capsys, place, "layout", "new", _text(place), "--dry-run")
    assert code == 0
    assert 'predikat_tercetak = ["Predikat Kinerja Akhir"]' in text
    assert not (place / "data/reference/layouts").exists()
    code, text, _ = _call(capsys, place, "layout", "new", _text(place), "--json")
    found = json.loads(text)
    assert found["written"] is False
    assert found["columns"][0]["field"] == "nip"
    assert not (place / "data/reference/layouts").exists()


def test_merged_headers_and_a_sheet_by_name(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    file = place / "buku.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet("Petunjuk").write_row(0, 0, ["Cara", "Mengisi"])
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "Perangkat Daerah : Dinas Pendidikan")
        sheet.merge_range("A3:A4", "Nomor Induk Pegawai")
        sheet.merge_range("B3:B4", "Thn")
        sheet.merge_range("C3:C4", "Masa Penilaian")
        sheet.merge_range("D3:E3", "Rating")
        sheet.write_row(3, 3, ["Hasil Kerja", "Perilaku Kerja"])
        for number, row in enumerate(ROWS):
            sheet.write_row(4 + number, 0, [row[0], row[3], row[4], row[5], row[6]])
    code, text, _ = _call(capsys, place, "layout", "new", file, "--accept", "--sheet", "Data", "--json")
    found = json.loads(text)
    assert code == 0
    assert (found["header_row"], found["levels"], found["table"]) == (3, 2, "penilaian")
    code, text, _ = _call(capsys, place, "check", file, "--json")
    assert json.loads(text)["total"]["kept"] == 3
    code, _, error = _call(capsys, place, "layout", "new", file, "--sheet", "Tiada", "--name", "lain")
    assert code == 2
    assert "Tiada" in error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--table", "gaji"], "tabel tidak dikenal: gaji"),
        (["--name", "../keluar"], "nama layout tidak sah"),
        (["--name", "con"], "nama layout tidak sah"),
        (["--table", "pelatihan", "--accept"], "pelatihan memerlukan"),
    ],
)
def test_what_cannot_be_done_is_refused(
    capsys: pytest.CaptureFixture[str], place: Path, words: list[str], said: str
) -> None:
    code, _, error = _call(capsys, place, "layout", "new", _text(place), *words)
    assert code == 2
    assert said in error
    assert not (place / "data/reference/layouts").exists()


def test_a_file_without_a_header_is_not_quoted(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    (place / "tanpa tajuk.csv").write_text("\n".join(";".join(row) for row in ROWS), encoding="utf-8")
    code, text, error = _call(capsys, place, "layout", "new", place / "tanpa tajuk.csv", "--accept")
    assert code == 4
    assert "tajuk" in error
    assert "Contoh" not in text + error
    assert "1986" not in text + error
    assert _call(capsys, place, "layout", "new", place / "tiada.csv")[0] == 2


def test_a_layout_without_anything_to_measure_is_refused(
    capsys: pytest.CaptureFixture[str], place: Path
) -> None:
    exports = Path(__file__).resolve().parents[1] / "exports"
    code, _, error = _call(
        capsys, place, "layout", "new", exports / "tajuk_salah_ketik_berat.csv", "--accept"
    )
    assert code == 2
    assert "predikat_tercetak / hasil_kerja" in error
    code, _, error = _call(capsys, place, "layout", "new", exports / "hanya_nama_tanpa_nip.xlsx", "--accept")
    assert code == 2
    assert "nip / nip_nama" in error


def test_a_form_that_is_known_is_named(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    exports = Path(__file__).resolve().parents[1] / "exports"
    _, text, _ = _call(
        capsys, place, "layout", "new", exports / "baris_kembar.csv", "--dry-run", "--lang", "en"
    )
    assert "read already, by the layout: ekinerja-rekap" in text


def test_items_of_a_wide_survey_form_are_melted(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    lines = [
        "Perangkat Daerah : Dinas Pendidikan",
        "Kode Responden;Bagian;Thn;TW;K1;K2;T1",
        "R1;Sekretariat;2025;Triwulan I;5;4;3",
        "R2;Sekretariat;2025;Triwulan I;2;9;1",
    ]
    file = place / "survei.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert _call(capsys, place, "layout", "new", file, "--accept")[0] == 0
    _, text, _ = _call(capsys, place, "check", file, "--json")
    (entry,) = json.loads(text)["files"]
    assert (entry["table"], entry["read"], entry["kept"]) == ("survei", 6, 5)
    assert entry["reasons"] == {"di_luar_batas": 1}
