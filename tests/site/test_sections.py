"""The one list of which analysis is shown where: it names what there is, and nothing else."""

from pathlib import Path

import pytest
from attnatlas.analyses import by_name
from attnatlas.pages.reports import DRAWINGS
from attnatlas.pages.sections import MODEL, RECORD, REPORT

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize("section", [*RECORD, *MODEL, *REPORT], ids=lambda one: one.id)
def test_a_section_names_analyses_and_a_template_that_are_there(section):
    assert {*section.shows, *section.needs} <= by_name().keys()
    assert not section.template or (TEMPLATES / section.template).is_file()


def test_each_report_with_a_template_is_of_all_records_and_has_what_that_shows():
    named = [name for section in REPORT for name in section.shows]
    assert {by_name()[name].scope for name in named} == {"corpus"}
    assert sorted(named) == sorted(DRAWINGS)
