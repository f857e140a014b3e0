"""``kinerja.toml``: documents itself, refuses unknown keys with the nearest valid one."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from kinerja_lib.config import Config, load_config, parse_config, starter
from kinerja_lib.errors import ConfigError


def test_the_starter_file_holds_every_key_with_its_default() -> None:
    text = starter("Kabupaten Contoh")
    document = tomllib.loads(text)
    parsed = parse_config(document)
    assert parsed.project.name == "Kabupaten Contoh"
    plain = Config()
    for section in fields(Config):
        if section.name in ("plans", "instansi", "sources", "competence_words", "obstacle_words"):
            continue
        assert set(document[section.name]) == {item.name for item in fields(getattr(plain, section.name))}
        if section.name not in ("project", "letterhead"):
            assert getattr(parsed, section.name) == getattr(plain, section.name)


def test_every_key_is_explained() -> None:
    lines = [line for line in starter("X").splitlines() if " = " in line and not line.startswith("#")]
    for line in lines:
        name = line.split(" = ")[0]
        if name in (
            "template",
            "languages",
            "formats",
            "government",
            "address",
            "color",
            "signatory_post",
            "signatory_name",
        ):
            continue
        assert "#" in line, line


def test_the_commented_examples_are_valid() -> None:
    text = starter("X").replace("# [plans", "[plans").replace("# [instansi", "[instansi")
    text = text.replace("# [[sources]]", "[[sources]]")
    text = text.replace("# [competence_words]", "[competence_words]").replace("# [obstacle", "[obstacle")
    lines = [line[2:] if line.startswith("# ") and " = " in line else line for line in text.splitlines()]
    parsed = parse_config(tomllib.loads("\n".join(lines)))
    assert parsed.plans["triwulan"].languages == ("id", "en")
    assert [source.name for source in parsed.sources] == ["simpeg"]
    assert parsed.obstacle_words == {"TI": ("simpeg", "e kinerja")}
    assert parsed.instansi["dinas-pendidikan"].signatory_post == "Kepala Dinas Pendidikan"


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[raport]\nx = 1", "report"),
        ("[report]\nformat = ['pdf']", "formats"),
        ("[report]\nlanguages = ['fr']", "id, en"),
        ("[report]\nformats = 3", "daftar teks"),
        ("[batch]\nworkers = 'dua'", "bilangan bulat"),
        ("[batch]\nworkers = true", "bilangan bulat"),
        ("[project]\nsynthetic = 'ya'", "true atau false"),
        ("[privacy]\nminimum_grup = 3", "minimum_group"),
        ("report = 1", "[report]"),
        ("[plans]\nx = 1", "plans.x"),
        ("[plans.x]\nformat = 1", "formats"),
    ],
)
def test_faults_name_the_mend(text: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads(text))
    assert named in caught.value.text("id")
    assert caught.value.text("en") != caught.value.text("id")
    assert caught.value.exit_code == 3


def test_all_faults_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads("[a]\n[b]\n[report]\nx = 1\ny = 2"))
    assert len(caught.value.details) == 4


def test_integers_serve_as_numbers_and_one_text_as_a_list() -> None:
    parsed = parse_config(tomllib.loads("[batch]\ntimeout = 30\n[report]\nlanguages = 'en'"))
    assert parsed.batch.timeout == 30.0
    assert parsed.report.languages == ("en",)


def test_broken_toml(tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text("[report\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def test_quotes_in_a_name_are_refused() -> None:
    with pytest.raises(ConfigError):
        starter('a"b')


def test_the_committed_project_file_is_the_starter_for_rangkui() -> None:
    root = Path(__file__).resolve().parents[1]
    text = (root / "kinerja.toml").read_text(encoding="utf-8")
    assert text == starter("Pemerintah Rangkui", raw="data/sample", place="Rangkui", synthetic=True)


def test_weights_of_the_indices_are_checked() -> None:
    found = parse_config({"facility_weights": {"kondisi": 2, "internet": 0}})
    assert (found.facility_weights.kondisi, found.facility_weights.internet) == (2.0, 0.0)
    with pytest.raises(ConfigError) as fault:
        parse_config(
            {
                "facility_weights": {"kondisi": -1, "internat": 1},
                "leadership_weights": dict.fromkeys(("rapat", "umpan_balik", "bimbingan", "apresiasi"), 0),
            }
        )
    text = fault.value.text("en")
    assert (
        "kondisi: must not be negative" in text
        and "did you mean: internet" in text
        and "all weights are 0" in text
    )


def test_nobody_may_take_a_list_out_by_default() -> None:
    assert Config().access.follow_up_list == ()
    assert parse_config({"access": {"follow_up_list": ["siti:dinas-sosial"]}}).access.follow_up_list == (
        "siti:dinas-sosial",
    )


def test_further_keywords_by_class() -> None:
    found = parse_config(
        {"competence_words": {"Teknologi Informasi": ["simda"]}, "obstacle_words": {"TI": "simpeg"}}
    )
    assert found.competence_words == {"Teknologi Informasi": ("simda",)}
    assert found.obstacle_words == {"TI": ("simpeg",)}
    with pytest.raises(ConfigError) as fault:
        parse_config({"competence_words": {"a": [], "b": ["--"], "c": 3}, "obstacle_words": []})
    assert fault.value.text("en").count("[competence_words]") == 3 and "[obstacle_words]" in fault.value.text(
        "en"
    )


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b'[project]\nname = "A\n', "tanda kutip belum ditutup", 2),
        (b'[project]\nname = "A"\n[project]\nlang = "id"\n', "dua kali", 3),
        (b'[folders]\nraw = "data\\mentah"\n', "garis miring terbalik", 2),
        (b"[project]\nname = Kabupaten\n", "diapit tanda kutip", 2),
        (b"[project]\nname\n", "perlu tanda =", 2),
        (b'[report]\nformats = ["pdf"\n', "belum ditutup dengan ]", 2),
        (b"[project\n", "belum ditutup dengan ]", 1),
        (b'[project]\nname = "Dinas \xe9"\n', "UTF-8", 2),
        (b"\xff\xfe[\x00", "UTF-8", 1),
    ],
)
def test_a_file_that_is_no_toml_names_line_cause_and_cure(
    tmp_path: Path, content: bytes, said: str, line: int
) -> None:
    (tmp_path / "kinerja.toml").write_bytes(content)
    with pytest.raises(ConfigError) as error:
        load_config(tmp_path)
    assert said in error.value.text("id")
    assert f"baris {line}" in error.value.text("id")
    assert f"line {line}" in error.value.text("en")
    assert error.value.action


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_bytes(b'\xef\xbb\xbf[project]\r\nname = "A"\r\n')
    assert load_config(tmp_path).project.name == "A"


def test_values_without_sense_are_refused_all_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(
            {
                "privacy": {"minimum_group": 1},
                "thresholds": {"alpha": 5, "minimum_clusters": -3},
                "cleaning": {"link_threshold": 99},
                "batch": {"workers": -2},
                "letterhead": {"color": "biru", "date": "31-12-2025"},
                "instansi": {"dinas-contoh": {"color": "#12345"}},
            }
        )
    assert len(error.value.details) == 8
    assert "minimum_group: 1 di luar 3 – 1000" in str(error.value)
    assert parse_config({"privacy": {"minimum_group": 10}, "letterhead": {"date": "2026-01-31"}})
