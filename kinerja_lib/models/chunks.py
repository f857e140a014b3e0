"""Models of tables that are read in chunks: the row groups of Parquet files, or frames, one at a time.

Every kernel works on sums that add up, so that a chunk is read, turned into sums and forgotten; the sums may be
made in threads, in processes or by Dask workers. Nothing but sums leaves a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

#: kinds that are fitted by chunks, and the module of each: ``fit(source, spec, lang)``
CHUNKED_KINDS = {
    "linear": "chunks_linear",
    "fixed_effects": "chunks_linear",
    "multilevel": "chunks_multilevel",
    "ordinal": "chunks_ordinal",
}
#: all others: their columns are read chunk by chunk and fitted at once
GATHERED = "chunks_gathered"


@dataclass(frozen=True, eq=False)
class FramePiece:
    """A chunk that is in memory."""

    frame: pd.DataFrame

    def load(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """These columns."""
        return self.frame if columns is None else self.frame[list(columns)]


@dataclass(frozen=True)
class RowGroup:
    """A row group of a Parquet file; text codes named in ``codes`` are read as categories.

    ``partition`` holds the columns that a hive-partitioned folder keeps in its names (``instansi=dinas-x``).
    """

    path: str
    number: int
    codes: tuple[str, ...] = ()
    partition: tuple[tuple[str, str | int], ...] = ()

    def load(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read it."""
        import pyarrow.parquet as pq

        inside = None if columns is None else [c for c in columns if c not in dict(self.partition)]
        with pq.ParquetFile(self.path, read_dictionary=list(self.codes)) as file:
            table = file.read_row_group(self.number, columns=inside, use_threads=False)
        frame = table.to_pandas(use_threads=False, split_blocks=True, self_destruct=True)
        added = {n: v for n, v in self.partition if columns is None or n in columns}
        return frame.assign(**added) if added else frame


Piece = FramePiece | RowGroup


class Source:
    """Chunks, and who works on them.

    Parameters
    ----------
    chunks : path, sequence of path or DataFrame, or iterator of DataFrame
        Parquet files, folders of them, frames, or a stream that can be read once only.
    executor : object, optional
        A ``concurrent.futures`` executor or a Dask ``Client``.
    """

    def __init__(
        self,
        chunks: str | Path | Iterable[pd.DataFrame | str | Path],
        spec: ModelSpec,
        executor: Any,
        lang: str,
    ) -> None:
        self.lang, self.executor = lang, executor
        self.stream: Iterator[pd.DataFrame] | None = None
        self.pieces: list[Piece] = []
        self.columns: list[str] | None = None
        if isinstance(chunks, str | Path):
            self.pieces = list(_row_groups(Path(chunks), spec, lang))
        elif isinstance(chunks, Sequence):
            for chunk in chunks:
                self.pieces += (
                    [FramePiece(chunk)]
                    if isinstance(chunk, pd.DataFrame)
                    else list(_row_groups(Path(chunk), spec, lang))
                )
        else:
            self.stream = (chunk for chunk in chunks if isinstance(chunk, pd.DataFrame))

    @property
    def once(self) -> bool:
        """Whether the chunks can be read a single time only."""
        return self.stream is not None

    def first(self) -> pd.DataFrame:
        """The first chunk that has rows (or the first, where none has)."""
        if self.stream is not None:
            frame = next(self.stream, None)
            if frame is None:
                raise _no_chunk(self.lang)
            rest = self.stream
            self.stream = _prepend(frame, rest)
            return frame
        if not self.pieces:
            raise _no_chunk(self.lang)
        frames = (piece.load(self.columns) for piece in self.pieces)
        return next((frame for frame in frames if len(frame)), self.pieces[0].load(self.columns))

    def map(self, function: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
        """``function(frame, *arguments)`` of each chunk, in order."""
        if self.stream is not None:
            return (function(frame, *arguments) for frame in self.stream)
        if self.executor is None:
            return (_work(piece, self.columns, function, arguments) for piece in self.pieces)
        work = _work if isinstance(self.executor, ThreadPoolExecutor) else _work_apart
        count = len(self.pieces)
        fixed = [[value] * count for value in (self.columns, function, arguments)]
        if hasattr(self.executor, "gather"):
            futures = self.executor.map(work, self.pieces, *fixed, pure=False)
            return (future.result() for future in futures)
        return iter(self.executor.map(work, self.pieces, *fixed))


def _work(
    piece: Piece, columns: list[str] | None, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> Any:
    return function(piece.load(columns), *arguments)


def _work_apart(
    piece: Piece, columns: list[str] | None, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> Any:
    """In another process, where BLAS has to be held to one thread anew."""
    with single_threaded():
        return _work(piece, columns, function, arguments)


def _prepend(frame: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    yield frame
    yield from rest


def _row_groups(path: Path, spec: ModelSpec, lang: str) -> Iterator[RowGroup]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from kinerja_lib.models.chunk_rows import code_columns

    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise model_error(
            lang,
            f'Tidak ada berkas Parquet pada "{path.name}".',
            f'There is no Parquet file at "{path.name}".',
            ("Periksa jalurnya.", "Check the path."),
        )
    for file in files:
        with pq.ParquetFile(file) as opened:
            schema, count = opened.schema_arrow, opened.num_row_groups
        codes = tuple(
            name
            for name in code_columns(spec)
            if name in schema.names
            and name not in spec.terms
            and (
                pa.types.is_string(schema.field(name).type)
                or pa.types.is_large_string(schema.field(name).type)
            )
        )
        partition = _partition(file.relative_to(path).parts[:-1]) if path.is_dir() else ()
        for number in range(count):
            yield RowGroup(str(file), number, codes, partition)


def _partition(folders: tuple[str, ...]) -> tuple[tuple[str, str | int], ...]:
    """Columns in the names of hive folders: ``("tahun=2024", "instansi=dinas-x")``."""
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return tuple((name, int(text) if text.isdigit() else unquote(text)) for name, text in pairs)


def fit_chunks(
    chunks: str | Path | Iterable[pd.DataFrame | str | Path],
    spec: ModelSpec,
    lang: str = "id",
    *,
    executor: Any = None,
) -> FitResult:
    """Fit a model to chunks of rows; the result is that of the whole table.

    Parameters
    ----------
    chunks : path, sequence of path or DataFrame, or iterator of DataFrame
        Parquet files or folders of them (a row group a chunk), or frames. Groups may be spread over chunks.
        A stream that can be read once does for ``linear``, ``fixed_effects`` and ``multilevel``.
    spec : ModelSpec
        ``linear`` and ``fixed_effects`` with one cluster column (CR2 or CR1), the effects being the cluster or
        nested in it; ``multilevel`` with one factor; ``ordinal`` with at most one cluster column: their chunks
        become sums, and memory stays flat. Every other kind, and weights: of each chunk the columns that the
        specification names are kept, and memory grows with the rows.
    executor : object, optional
        ``concurrent.futures`` executor or Dask ``Client``: chunks are worked on side by side.

    Raises
    ------
    ModelError
        What ``fit`` would refuse, or a specification that chunks cannot serve.
    """
    source = Source(chunks, spec, executor, lang)
    # fixed effects of an ordered model condition on whole persons, and weights have no place in the sums
    adds_up = (
        spec.kind in CHUNKED_KINDS and not spec.weights and not (spec.kind == "ordinal" and spec.effects)
    )
    module = import_module(f"kinerja_lib.models.{CHUNKED_KINDS[spec.kind] if adds_up else GATHERED}")
    with single_threaded():  # here, not in the threads: the setting is that of the process
        result: FitResult = module.fit_from(source, spec, lang)
    return result


def _no_chunk(lang: str) -> Exception:
    return model_error(
        lang,
        "Tidak ada bagian data.",
        "There is no chunk of data.",
        ("Periksa berkasnya.", "Check the file."),
    )
