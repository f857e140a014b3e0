"""Pages in a real Chromium, offline: no request leaves, the index sorts and filters, JupyterLab runs the template."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from kinerja_lib.cli.project import LAB_FLAGS, lab_environment
from kinerja_lib.reporting.make import make_reports
from kinerja_lib.reporting.plan import make_plan
from kinerja_lib.reporting.site import YEARS_PAGE
from kinerja_lib.reporting.status import panel_facts
from kinerja_lib.reporting.template import list_templates, read_template
from kinerja_lib.workflow import Project, load_panel

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page of a headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is a test extra")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


@pytest.fixture(scope="module")
def made(project: Project) -> Path:
    """The folder of finished HTML reports with its index."""
    facts = panel_facts(project)
    assert facts is not None
    jobs = make_plan(
        read_template("laporan_tahunan", project.folder("templates")), project=project.root, reports="reports",
        periode="2025", instansi=["all"], known=facts["instansi"], languages=["id"], formats=["html"],
    )  # fmt: skip
    result = make_reports(project, jobs, workers=2)
    assert not result.failures
    return result.folder


@pytest.fixture(scope="module")
def of_each_template(project: Project) -> list[Path]:
    """One page of every template for the government, and one for the smallest agency."""
    facts = panel_facts(project)
    assert facts is not None
    staff = (
        load_panel(project, columns=["id_pegawai", "instansi"]).groupby("instansi")["id_pegawai"].nunique()
    )
    jobs = [
        job
        for name in list_templates(project.folder("templates"))
        for job in make_plan(
            read_template(name, project.folder("templates")), project=project.root, reports="reports/templat",
            periode="2025-Q3" if name == "laporan_triwulan" else "2025",
            instansi=["pemerintah", str(staff.idxmin())], known=facts["instansi"], languages=["id"], formats=["html"],
        )
    ]  # fmt: skip
    result = make_reports(project, jobs, workers=2)
    assert not result.failures, [(status.job.stem, status.message) for status in result.failures]
    return [path for job in jobs for path in job.outputs(project.root).values()]


def _requests(page: Any, path: Path) -> list[str]:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(path.as_uri())
    return [url for url in seen if not url.startswith(("file:", "data:", "blob:"))]


def test_a_report_asks_for_nothing_from_outside(page: Any, made: Path) -> None:
    for path in sorted(made.glob("*/laporan_tahunan-*.html")):
        assert _requests(page, path) == []
        assert page.locator("html").get_attribute("lang") == path.stem[-2:]
        assert page.locator("h1").count() >= 1
        alts = [drawing.get_attribute("aria-label") for drawing in page.locator("figure svg").all()]
        assert len(alts) > 5
        assert all(alt and len(alt) > 20 for alt in alts)
        assert not any("No description" in (alt or "") for alt in alts)
        assert page.locator("table").count() > 5
        wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        assert wide, "the page scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(page: Any, made: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core comes with a test extra")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    for path in [*sorted(made.rglob("*.html")), made.parent / YEARS_PAGE]:
        page.goto(path.as_uri())
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == [], path.name
        assert len(found["passes"]) > 15
    page.emulate_media(color_scheme="light")


def test_every_template_is_accessible_light_and_offline(page: Any, of_each_template: list[Path]) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core comes with a test extra")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    assert len(of_each_template) >= 20
    for path in of_each_template:
        assert _requests(page, path) == [], path.name
        assert path.stat().st_size <= 600_000, path.name
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == [], path.name
        alts = [drawing.get_attribute("aria-label") for drawing in page.locator("figure svg").all()]
        assert all(alt and len(alt) > 20 for alt in alts), path.name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path.name


def test_a_page_weighs_little(made: Path) -> None:
    weights = {path.name: path.stat().st_size for path in made.rglob("*.html")}
    assert max(weights.values()) <= 600_000, weights


def test_the_index_sorts_filters_and_links(page: Any, made: Path) -> None:
    assert _requests(page, made / "index.html") == []
    rows = page.locator("tbody tr")
    assert rows.count() >= 4
    page.fill("#search", "pemerintah rangkui")
    assert page.locator("tbody tr:visible").count() == 1
    assert page.text_content("#count") == f"1 dari {rows.count()} baris ditampilkan"
    page.fill("#search", "rangkui tidak-ada")
    assert page.locator("tbody tr:visible").count() == 0 and "Tidak ada" in str(page.text_content("#count"))
    page.fill("#search", "")
    page.select_option("#state", "made")
    assert page.locator("tbody tr:visible").count() == page.locator("tbody tr[data-state='made']").count() > 0
    page.select_option("#state", "")
    page.click("thead button[data-column='2']")
    first = rows.first.locator("td").nth(1).get_attribute("data-value")
    values = [int(row.locator("td").nth(1).get_attribute("data-value")) for row in rows.all()]
    assert values in (sorted(values), sorted(values, reverse=True))
    assert first is not None
    for link in page.locator("tbody a").all():
        assert (made / str(link.get_attribute("href"))).is_file()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lab(project: Project, tmp_path: Path) -> Iterator[str]:
    """JupyterLab on the project, as ``kinerja lab`` starts it; the address with its token."""
    templates = project.root / "notebooks" / "templates"
    templates.mkdir(parents=True, exist_ok=True)
    source = read_template("laporan_tahunan", project.folder("templates")).path
    if not (templates / source.name).exists():
        shutil.copy(source, templates)
    port, token = _free_port(), "sebuah-token"
    environment = {
        **lab_environment(project.root),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
    }
    environment |= {
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
    }
    command = [sys.executable, "-m", "jupyterlab", *LAB_FLAGS, "--no-browser", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True"]
    command += [
        f"--ServerApp.root_dir={project.root}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += [f"--IdentityProvider.token={token}"]
    log = (tmp_path / "lab.log").open("w", encoding="utf-8")
    process = subprocess.Popen(command, env=environment, cwd=project.root, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", process, tmp_path / "lab.log")
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks/templates/{source.name}?token={token}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(log.read_text(encoding="utf-8")[-2000:])


def test_the_template_opens_and_runs_in_jupyterlab(page: Any, lab: str) -> None:
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(
        """() => { const app = window.jupyterapp;
                   const panel = app.shell.currentWidget; const context = panel && panel.sessionContext;
                   return context && context.isReady && context.session && context.session.kernel
                     && context.session.kernel.info; }""",
        timeout=60_000,
    )
    page.get_by_role("menuitem", name=re.compile("^Run$")).click()
    page.click("[data-command='runmenu:run-all']")
    page.wait_for_function(
        """() => { const panel = window.jupyterapp.shell.currentWidget;
                   const code = [...panel.content.model.cells].filter(cell => cell.type === 'code');
                   return panel.sessionContext.session.kernel.status === 'idle'
                     && code.every(cell => cell.executionCount !== null); }""",
        timeout=120_000,
    )
    kinds = page.evaluate(
        """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
                   .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())
                   .map(output => output.output_type + ' ' + Object.keys(output.data || {}).join(' '))"""
    )
    assert not [kind for kind in kinds if kind.startswith("error")]
    assert sum("application/vnd.kinerja.block+json" in kind for kind in kinds) > 20
    assert [url for url in outside if not re.match(r"(http|ws)://127\.0\.0\.1|data:|blob:", url)] == []
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=30_000)
    address = urlsplit(lab)
    for name, start in (("kinerja_html", b"<!DOCTYPE"), ("kinerja_pdf", b"%PDF"), ("kinerja_docx", b"PK")):
        # what File -> Save and Export Notebook As... asks the server for
        place = address.path.removeprefix("/lab/tree/")
        got = page.request.get(
            f"http://{address.netloc}/nbconvert/{name}/{place}?download=true&{address.query}", timeout=90_000
        )
        assert got.status == 200 and got.body().startswith(start)
