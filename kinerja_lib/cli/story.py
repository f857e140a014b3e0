"""What became of rows, a file or a person, on the screen."""

from __future__ import annotations

from typing import Any

from kinerja_lib.cli.screen import Screen
from kinerja_lib.errors import Both

_OUTCOME = {
    "kept": Both("dipakai", en="kept"),
    "rejected": Both("ditolak", en="rejected"),
    "merged": Both("digabung ke baris lain", en="merged into another row"),
    "structure": Both("bukan baris data", en="not a row of data"),
    "absent": Both("di luar tabel", en="outside the table"),
}
_KINDS = {
    "title": Both("judul", en="title"),
    "header": Both("tajuk", en="header"),
    "number_row": Both("baris nomor kolom", en="row of column numbers"),
    "example": Both("baris contoh", en="example row"),
    "subtotal": Both("subjumlah", en="sub-total"),
    "total": Both("jumlah", en="total"),
    "signature": Both("tanda tangan", en="signature"),
    "footnote": Both("catatan kaki", en="footnote"),
    "no_data": Both("“Data Kosong”", en="“no data”"),
    "blank": Both("kosong", en="blank"),
    "continuation": Both("lanjutan baris di atasnya", en="continues the row above"),
}
_RULES = {
    "status": Both("statusnya lebih akhir", en="its status is more final"),
    "tanggal": Both("tanggalnya lebih baru", en="its date is later"),
    "kelengkapan": Both("isinya lebih lengkap", en="it is more complete"),
    "urutan": Both("ia yang pertama", en="it came first"),
}
_MODELS = {
    "cross_section": Both("model antarpegawai", en="model across employees"),
    "fixed_effects": Both("model pada pegawai yang sama", en="model within the same employees"),
}
_QUARTERS = {
    "tanpa_baris": Both("tidak ada baris penilaian triwulan itu pada ekspor", en="no appraisal of that quarter in the exports"),
    "predikat": Both("penilaian tanpa predikat", en="an appraisal without a predicate"),
    "mungkin_ditolak": Both("tidak ada baris yang dipakai; lihat baris ditolak di atas", en="no row was kept; see those rejected above"),
}  # fmt: skip


def show_rows(screen: Screen, rows: list[dict[str, Any]]) -> None:
    """Each record of a source row, step by step."""
    for one in rows:
        place = " · ".join(part for part in (one["file"], one["sheet"]) if part)
        screen.line(Both(f"{place} · baris {one['row']}", en=f"{place} · row {one['row']}"), style="bold")
        _reading(screen, one)
        _cleaning(screen, one)
        _in_panel(screen, one)


def _reading(screen: Screen, one: dict[str, Any]) -> None:
    from kinerja_lib.schema.fields import table

    if one["outcome"] == "structure":
        kind = _KINDS[one["reason"]]
        screen.line(
            Both(f"  Dibaca      {kind}: bukan baris data", en=f"  Read        {kind.en}: not a row of data")
        )
    elif one["outcome"] == "absent":
        screen.line(
            Both(
                f"  Dibaca      tidak: baris data terakhir adalah {one['last']}",
                en=f"  Read        no: the last row of data is {one['last']}",
            )
        )
    elif one["table"]:
        label = table(one["table"]).label(screen.lang)
        screen.line(Both(f"  Dibaca      sebagai {label}", en=f"  Read        as {label}"))


def _cleaning(screen: Screen, one: dict[str, Any]) -> None:
    from kinerja_lib.cleaning import reason_advice, reason_label

    if one["outcome"] in ("structure", "absent"):
        return
    word = _OUTCOME[one["outcome"]]
    why = f": {reason_label(one['reason'], screen.lang)}" if one["reason"] else ""
    where = f" ({one['field']})" if one["field"] else ""
    screen.line(Both(f"  Pembersihan {word}{why}{where}", en=f"  Cleaning    {word.en}{why}{where}"))
    if one["outcome"] == "rejected":
        screen.line(f"              -> {reason_advice(one['reason'], screen.lang)}")
    _winner(screen, one["winner"])
    for cell in one.get("emptied", []):
        said = f"{reason_label(cell['reason'], screen.lang)}; {reason_advice(cell['reason'], screen.lang)}"
        screen.line(
            Both(f"              sel {cell['field']} dikosongkan: {said}", en=f"              cell {cell['field']} left empty: {said}")
        )  # fmt: skip
    for mine in one.get("corrections", []):
        by = f"{mine['author']}, {mine['date']}: {mine['reason']}"
        screen.line(
            Both(f"              sel {mine['field']} dikoreksi oleh {by}", en=f"              cell {mine['field']} corrected by {by}")
        )  # fmt: skip
    for other in one.get("absorbed", []):
        place = f"{other['file']} · {other['sheet']} · {other['row']}"
        said = reason_label(other["reason"], screen.lang)
        screen.line(
            Both(
                f"              menggantikan {place}: {said}",
                en=f"              stands for {place} too: {said}",
            )
        )
    for other in one.get("conflicts", []):
        screen.line(
            f"              ! {reason_label(other['kind'], screen.lang)}: {other['field']} · {other['places']}"
        )


def _winner(screen: Screen, winner: dict[str, Any] | None) -> None:
    """The row that a merged one gave way to, and by which rule."""
    if winner is None:
        return
    rule = _RULES[winner["rule"]]
    place = f"{winner['file']} · {winner['sheet']} · {winner['row']}"
    screen.line(
        Both(
            f"              yang dipakai: {place}, karena {rule}",
            en=f"              kept: {place}, as {rule.en}",
        )
    )


def _in_panel(screen: Screen, one: dict[str, Any]) -> None:
    from kinerja_lib.workflow.row_story import stage_words

    panel = one["panel"]
    if panel is None:
        if one["outcome"] == "kept":
            screen.line(
                Both("  Panel       belum ada: kinerja panel", en="  Panel       none yet: kinerja panel")
            )
        return
    if panel["reason"]:
        why = stage_words(panel["reason"])
        screen.line(Both(f"  Panel       tidak masuk: {why}", en=f"  Panel       not in it: {why.en}"))
        if panel["reason"] == "periode" and one["periode"].isdigit():
            screen.line(
                Both("              angka tahunan memakainya", en="              annual figures use it")
            )
        return
    if one["table"] != "penilaian":
        whose = {
            "id_pegawai": Both("pegawai", en="employee"),
            "unit_kerja": Both("unit", en="unit"),
            "instansi": Both("instansi", en="agency"),
        }[panel["by"]]
        screen.line(
            Both(
                f"  Panel       keterangan bagi {panel['rows']} baris {whose} ini",
                en=f"  Panel       tells of {panel['rows']} rows of this {whose.en}",
            )
        )
        return
    screen.line(Both(f"  Panel       masuk, {one['periode']}", en=f"  Panel       in it, {one['periode']}"))
    for stage in panel["empty"]:
        why = stage_words(stage)
        screen.line(Both(f"              kolom kosong: {why}", en=f"              empty column: {why.en}"))
    _in_models(screen, panel["models"])


def _in_models(screen: Screen, models: dict[str, list[str]]) -> None:
    """Which models use an appraisal, and what it lacks for the others."""
    from kinerja_lib.schema.fields import field

    for name, lacking in models.items():
        model = _MODELS[name]
        labels = ", ".join(field(column).label(screen.lang) for column in lacking)
        screen.line(
            Both(
                f"  Model       {model}: tidak, tanpa {labels}",
                en=f"  Model       {model.en}: no, without {labels}",
            )
            if lacking
            else Both(f"  Model       {model}: dipakai", en=f"  Model       {model.en}: used")
        )


def show_file_story(screen: Screen, story: dict[str, Any]) -> None:
    """A file's sheets, and the reasons of the rows left out with the first of them."""
    from kinerja_lib.cleaning import reason_label

    screen.line(story["file"], style="bold")
    fault = story["fault"]
    if fault:
        english = screen.lang == "en"
        screen.line(f"  ! {fault['message_en'] if english else fault['message']}")
        screen.line(f"    -> {fault['action_en'] if english else fault['action']}")
    for one in story["sheets"]:
        numbers = Both(
            "dibaca {read}, dipakai {kept}, ditolak {rejected}, digabung {merged}".format(**one),
            en="read {read}, kept {kept}, rejected {rejected}, merged {merged}".format(**one),
        )
        place = f"{one['sheet'] or '-'} · {one['layout']} -> {one['table'] or '-'}"
        screen.line(Both(f"  {place}: {numbers}", en=f"  {place}: {numbers.en}"))
    for one in story["reasons"]:
        screen.line(f"  - {one['count']} × {reason_label(one['reason'], screen.lang)}")
    for one in story["left_out"]:
        word, why = _OUTCOME[one["action"]], reason_label(one["reason"], screen.lang)
        screen.line(
            Both(f"    {one['sheet']} · baris {one['row']}: {word}, {why}", en=f"    {one['sheet']} · row {one['row']}: {word.en}, {why}")
        )  # fmt: skip
    total = sum(one["count"] for one in story["reasons"])
    if total > len(story["left_out"]):
        screen.line(
            Both(f"    … {total} baris; semuanya di ledger.csv", en=f"    … {total} rows; all in ledger.csv")
        )


def show_person(screen: Screen, story: dict[str, Any]) -> None:
    """A person's rows, and the quarters that the panel has and has not."""
    if not story["rows"]:
        screen.line(
            Both("Tidak ada baris pegawai ini pada ekspor.", en="No row of this employee in the exports.")
        )
    show_rows(screen, story["rows"])
    if story["quarters"]:
        screen.line(Both("Triwulan pada panel", en="Quarters of the panel"), style="bold")
    for one in story["quarters"]:
        why = Both("masuk", en="in it") if one["in_panel"] else _QUARTERS[one["reason"]]
        screen.line(Both(f"  {one['periode']}  {why}", en=f"  {one['periode']}  {why.en}"))
    if not story["searched_rejected"]:
        screen.line(
            Both(
                "Baris yang ditolak hanya dapat dicari dengan --nip.",
                en="Rejected rows are found by --nip only.",
            )
        )
    if story["unreadable"]:
        screen.line(
            Both(
                f"{story['unreadable']} baris ditolak karena NIP-nya rusak; baris itu tidak dapat dicari dengan NIP.",
                en=f"{story['unreadable']} rows were rejected for a damaged NIP; those can't be found by NIP.",
            )
        )
