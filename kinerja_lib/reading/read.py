"""Read a file or a folder: raw tables, and for each file that cannot be read, why."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, KinerjaError, ReadError
from kinerja_lib.reading.formats import read_sheets
from kinerja_lib.reading.layouts import Layout, load_layouts
from kinerja_lib.reading.receipt import received
from kinerja_lib.reading.sources import Source, is_export, sources_of, too_large
from kinerja_lib.reading.tables import tables_of
from kinerja_lib.reading.unknown_form import no_layout
from kinerja_lib.schema.raw import RawTable


@dataclass(frozen=True)
class FileFault:
    """A file that could not be read, and why."""

    file: str
    error: KinerjaError


def read_export(
    path: Path, *, root: Path | None = None, layouts: Sequence[Layout] | None = None
) -> list[RawTable]:
    """All tables of an export.

    Parameters
    ----------
    path : Path
        A file of any known format, or a .zip archive of such files.
    root : Path, optional
        Folder that ``RawTable.file`` is relative to; the file's own folder where absent.
    layouts : sequence of Layout, optional
        The package's where absent.

    Returns
    -------
    list of RawTable
        One for each table with a header; a sheet that says ``Data Kosong`` gives an empty table.

    Raises
    ------
    ReadError
        The file cannot be opened, or no layout fits any of its sheets; of an archive: any of its files.
    """
    path = Path(path)
    if not path.is_file():
        raise ReadError(
            Both(f"berkas tidak ada: {path.name}", en=f"no such file: {path.name}"),
            action=Both("periksa ejaan jalurnya", en="check the spelling of the path"),
        )
    tables, faults = read_files([(root or path.parent, path)], layouts=layouts)
    if len(faults) == 1:
        raise faults[0].error
    if faults:
        raise ReadError(
            Both(
                f"{path.name}: {len(faults)} berkas di dalamnya tidak dapat dibaca",
                en=f"{path.name}: {len(faults)} files in it cannot be read",
            ),
            details=[f"{fault.file}: {fault.error.message}" for fault in faults[:10]],
            action=Both(
                "perbaiki berkas itu, atau keluarkan dari arsip", en="mend these files or take them out"
            ),
        )
    return tables


def read_folder(
    folder: Path,
    *,
    layouts: Sequence[Layout] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    workers: int = 1,
) -> tuple[list[RawTable], list[FileFault]]:
    """All tables of a folder's files, in the order of their paths, and the files that could not be read.

    Parameters
    ----------
    folder : Path
    layouts : sequence of Layout, optional
    progress : callable, optional
        ``progress(done, total, file)``.
    workers : int
        Processes that read files side by side.
    """
    files = [(folder, path) for path in export_files(folder)]
    return read_files(files, layouts=layouts, progress=progress, workers=workers)


def read_files(
    files: Sequence[tuple[Path, Path]],
    *,
    layouts: Sequence[Layout] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    workers: int = 1,
) -> tuple[list[RawTable], list[FileFault]]:
    """Tables of these files, each given with the folder it is named from; see ``read_folder``."""
    tables: list[RawTable] = []
    faults: list[FileFault] = []
    for found, wrong in each_file(files, layouts=layouts, progress=progress, workers=workers):
        tables += found
        faults += wrong
    return tables, faults


def each_file(
    files: Sequence[tuple[Path, Path]],
    *,
    layouts: Sequence[Layout] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    workers: int = 1,
) -> Iterator[tuple[list[RawTable], list[FileFault]]]:
    """Tables and faults of one file after the other, in the order given: none waits in memory for the last."""
    known = tuple(layouts) if layouts is not None else load_layouts()
    sources, faults = sources_in(files)
    if faults:
        yield [], faults
    if workers > 1 and len(sources) > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            results = bounded_map(pool, partial(one_source, layouts=known), sources, 2 * workers)
            yield from _counted(results, sources, progress)
    else:
        yield from _counted((one_source(source, known) for source in sources), sources, progress)


def _counted(
    results: Iterator[tuple[list[RawTable], list[FileFault]]],
    sources: Sequence[Source],
    progress: Callable[[int, int, str], None] | None,
) -> Iterator[tuple[list[RawTable], list[FileFault]]]:
    for number, (source, result) in enumerate(zip(sources, results, strict=True), start=1):
        if progress is not None:
            progress(number, len(sources), source.file)
        yield result


def bounded_map(
    pool: Executor, work: Callable[[Any], Any], items: Iterable[Any], ahead: int
) -> Iterator[Any]:
    """``map`` over a pool of processes, in order, with only so many results waiting."""
    waiting: deque[Future[Any]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def sources_in(files: Sequence[tuple[Path, Path]]) -> tuple[list[Source], list[FileFault]]:
    """Files and members of archives, in the order given; archives that can't be opened."""
    found: list[Source] = []
    faults: list[FileFault] = []
    for root, path in files:
        name = path.relative_to(root).as_posix()
        try:
            found += sources_of(path, name)
        except ReadError as error:
            faults.append(FileFault(name, error))
        except OSError as error:
            faults.append(FileFault(name, _unreadable(path.name, error)))
    return found, faults


def one_source(source: Source, layouts: Sequence[Layout]) -> tuple[list[RawTable], list[FileFault]]:
    """All tables of one file or member of an archive, or why it can't be read."""
    try:
        return read_source(source, layouts), []
    except KinerjaError as error:
        return [], [FileFault(source.file, error)]
    except OSError as error:
        return [], [FileFault(source.file, _unreadable(source.name, error))]
    except MemoryError:
        return [], [FileFault(source.file, too_large(source.name))]


def _unreadable(name: str, error: OSError) -> ReadError:
    return ReadError(
        Both(f"{name}: tidak dapat dibuka", en=f"{name}: cannot be opened"),
        details=[error.strerror or type(error).__name__],
        action=Both("periksa hak akses berkas itu", en="check the permissions of that file"),
    )


def read_source(source: Source, layouts: Sequence[Layout]) -> list[RawTable]:
    """All tables of one file or member of an archive; see ``read_export``."""
    sheets = [sheet for sheet in read_sheets(source) if sheet.grid.filled().any()]
    tables = [table for sheet in sheets for table in tables_of(sheet, source.file, layouts)]
    if not tables:
        raise no_layout(source.name, sheets, layouts)
    return received(source, tables)


def export_files(folder: Path) -> list[Path]:
    """Files of a folder that may be exports: no hidden file, no register, no lock file of Excel."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and is_export(path.name))
