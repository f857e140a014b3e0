"""``python -m kinerja_lib`` is ``kinerja``."""

from kinerja_lib.cli import main

if __name__ == "__main__":
    main()
