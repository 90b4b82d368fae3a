"""What a history says before its figures: what moved, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..pages.model.metrics import Metric
from ..pages.units import number
from .history import HeadCourse, History

PLACES = 2


def opening(history: History, movers: Sequence[tuple[HeadCourse, Metric]]) -> Iterator[str]:
    """Yield a sentence on the answers, one on roles of heads, one on the head that moved most."""
    first, last = history.moments[0].name, history.moments[-1].name
    yield from _answers(history, first, last)
    roles = history.roles
    if changed := len(roles) - sum(before == after for before, after in roles):
        yield f"{changed} of {len(roles)} heads have another role at {last} than at {first}."
    elif roles:
        yield f"All {len(roles)} heads have the role at {last} that they had at {first}."
    if movers:
        one, metric = movers[0]
        before, after = (number(one.values[at] or 0.0, PLACES) for at in (0, -1))
        name = metric.title[:1].lower() + metric.title[1:]
        yield f"{one.name} moved most: {name}, from {before} to {after}."


def _answers(history: History, first: str, last: str) -> Iterator[str]:
    """Yield how many texts are labelled as people did, where both ends asked of as many."""
    course = next((one for one in history.courses if one.leading), None)
    if course is None or course.points[0] is None or course.points[-1] is None:
        return
    (before, n), (after, m) = ((p.value, p.n) for p in (course.points[0], course.points[-1]))
    if n and n == m:
        moved = "beyond their intervals" if course.beyond else "within their intervals"
        told = f"{round(before * n)} of {n} texts are labelled as people did at {first}"
        yield f"{told}, {round(after * n)} at {last}, {moved}."
