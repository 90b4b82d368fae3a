"""Pages without the white space of their templates, and errors that still name the right line."""

import re

import pytest
from attnatlas.site.compact import compact, nearby, without_ends
from attnatlas.site.writer import environment
from jinja2 import DictLoader, TemplateSyntaxError

TABLE = """<div>
  <p>
    one <b>two</b>
    three
  </p>
  <table class="t">
    <tr>
      <td data-at="{{ 1 if 2 > 1 else 0 }}">
        {{ text }}
      </td>
    </tr>
  </table>
</div>
"""


def rendered(template: str, **names: object) -> str:
    env = environment()
    env.loader = DictLoader({"page.html": template})
    return env.get_template("page.html").render(names)


def test_white_space_that_is_shown_stays_and_all_other_goes() -> None:
    page = rendered(TABLE, text="a\n  b")
    assert page == (
        "<div>\n<p>\none <b>two</b>\nthree\n</p>"
        '\n<table class="t"><tr><td data-at="1">\na\n  b</td></tr></table>\n</div>'
    )


def test_a_pages_text_is_the_same_as_without() -> None:
    plain = re.sub(r"\s+", " ", re.sub(r"{#\s*#}", "", compact(TABLE)))
    shown = [re.sub(r"<[^>]*>|\s", "", text) for text in (plain, TABLE)]
    assert shown[0] == shown[1]


def test_words_after_a_block_stay_apart_from_those_before() -> None:
    choice = "<p>\n  one\n  {% if text %}two{% endif %}\n  {mark}three\n</p>"
    for mark in ("", "{{ '' }}", "<b>", "<span>"):
        page = rendered(choice.replace("{mark}", mark), text="x")
        assert re.sub(r"<[^>]*>|\s+", " ", page).split() == ["one", "two", "three"]
    joined = "<p>\n  one\n  {%- if text -%}\n    , two\n  {%- endif %}.\n</p>"
    assert "one, two." in rendered(joined, text="x")


def test_lines_keep_their_numbers() -> None:
    broken = TABLE + "{{ }"
    with pytest.raises(TemplateSyntaxError) as error:
        rendered(broken)
    assert error.value.lineno == broken.count("\n") + 1


def test_parts_of_tables_end_where_the_next_one_begins() -> None:
    row = "<tr><th>a</th>\n<td>b <b>c</b> </td></tr>\n"
    page = f"<table><thead>{row}</thead><tbody>{row}{row}</tbody></table><p>d</p>"
    short = "<tr><th>a<td>b <b>c</b> "
    assert without_ends(page) == f"<table><thead>{short}<tbody>{short}{short}</table><p>d</p>"


def test_items_of_lists_end_where_the_next_one_begins() -> None:
    page = "<ul><li>a</li><li>b <ol><li>c</li>\n</ol></li></ul><p>d</p>"
    assert without_ends(page) == "<ul><li>a<li>b <ol><li>c\n</ol></ul><p>d</p>"


def test_links_in_a_folder_stay_in_it() -> None:
    own, others = "../../heads/m/b.html", '<a href="../../heads/n/b.html"><a href="../../a.html">'
    page = f'<a href="{own}">{others}'
    assert nearby(page, "heads/m/a.html") == f'<a href="b.html">{others}'
    assert nearby(page, "a.html") == page
