"""The cases behind a figure as rows: words stay words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from qingyu.assessment.tracing import Traced
from qingyu.assessment.views.cases import _lines
from qingyu.cases.queries import Row

AT = datetime(2026, 6, 1, tzinfo=UTC)


def test_titles_and_names_of_units_are_never_markup() -> None:
    row = Row(
        "20260601000017", "<script>alert('1')</script>{}" + "长" * 40, "closed", "help", "", "", "<b>局</b>", 1, None,
        "", AT, None, None, "", False, False, 0, 0, "", 1,
    )  # fmt: skip
    shown = _lines([Traced(row, date(2026, 6, 1), 1, "yes")], rate=True)
    assert "<td>&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;{}长" in shown
    assert "长" * 20 not in shown
    assert "<td>&lt;b&gt;局&lt;/b&gt;</td>" in shown
    assert '<a href="/desk/cases/20260601000017/" data-row>20260601000017</a>' in shown
    assert '<time datetime="2026-06-01">' in shown
