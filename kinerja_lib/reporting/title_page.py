"""The title page that every template but the annual one shares: the project's letterhead and the agency's own."""

from __future__ import annotations

from kinerja_lib.reporting.annual.edition import Edition


def title_page(edition: Edition, key: str, *, agency: tuple[str, ...] = ()) -> None:
    """Show the title page; ``<key>.title`` is its title, the period its subtitle.

    Parameters
    ----------
    edition : Edition
    key : str
        Section of the catalogue.
    agency : tuple of str
        Lines above the agency's name, such as the name of a unit.
    """
    labels, letter = edition.labels, edition.config.letterhead
    own = edition.config.instansi.get(edition.instansi)
    logo = (own.logo if own else "") or letter.logo
    lines = [edition.government] if edition.whole else [edition.body, edition.government]
    edition.doc.cover(
        labels.text(f"{key}.title"),
        subtitle=labels.periode(str(edition.periode)),
        agency=[*agency, *lines, (own.unit if own else "") or letter.unit],
        number=(own.number if own else "") or letter.number,
        place=letter.place,
        date=letter.date or None,
        classification=letter.classification,
        logo=edition.root / logo if logo else None,
        synthetic=edition.synthetic,
        color=(own.color if own else "") or letter.color,
    )


def synthetic_note(edition: Edition) -> None:
    """Say that the people are invented, where they are."""
    if edition.synthetic:
        edition.say("data.synthetic")
