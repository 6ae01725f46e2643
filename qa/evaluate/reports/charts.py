"""The two curves of abstention and the bar of a metric, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.evaluate.measures import Value
from qa.evaluate.metrics.abstention import Bin

_LEFT, _TOP, _WIDTH, _HEIGHT = 40, 10, 280, 170


def risk_coverage(points: Sequence[tuple[float, float]]) -> str:
    """Risk (down is better) against coverage; ``points`` are (coverage, risk)."""
    top = max([0.1, *(math.ceil(risk * 10) / 10 for _, risk in points)])
    places = [(_x(coverage), _y(risk / top)) for coverage, risk in points]
    marks = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in places)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    area = ""
    if places:
        floor = _y(0)
        area = f'<polygon class="area" points="{places[0][0]:.1f},{floor:.1f} {line} {places[-1][0]:.1f},{floor:.1f}"/>'
    body = f'{area}<polyline class="curve" points="{line}"/>{marks}'
    return _frame("Risk against coverage", body, "coverage", [f"{top * n / 2:.0%}" for n in range(3)])


def calibration(bins: Sequence[Bin]) -> str:
    """Accuracy against stated confidence; the dashed line is perfect, the size of a dot the number of answers."""
    most = max([1, *(one.count for one in bins)])
    places = [(_x(one.confidence), _y(one.accuracy), 3 + 6 * math.sqrt(one.count / most), one) for one in bins]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in places)
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"><title>{one.count} answers, confidence '
        f"{one.confidence:.2f}, right {one.accuracy:.2f}</title></circle>"
        for x, y, r, one in places
    )
    ideal = f'<line class="ideal" x1="{_x(0):.1f}" y1="{_y(0):.1f}" x2="{_x(1):.1f}" y2="{_y(1):.1f}"/>'
    body = f'{ideal}<polyline class="curve" points="{line}"/>{dots}'
    return _frame("Accuracy against confidence", body, "confidence", ["0%", "50%", "100%"])


def bar(value: Value, low: float | None = None, high: float | None = None) -> str:
    """A share between 0 and 1 with its interval; small marks at the thresholds. Empty for what is no share."""
    if math.isnan(value.value) or not 0 <= value.value <= 1:
        return ""
    span = ""
    if not math.isnan(value.low):
        wide = max(1.0, 144 * (value.high - value.low))
        span = f'<rect class="span" x="{144 * value.low:.1f}" y="1" width="{wide:.1f}" height="10" rx="2"/>'
    wants = "".join(
        f'<rect class="want" x="{min(142.0, 144 * bound):.1f}" y="0" width="2" height="12"/>'
        for bound in (low, high)
        if bound is not None
    )
    return (
        '<svg class="bar" viewBox="0 0 144 12" role="img" aria-hidden="true"><rect class="track" y="4" width="144" '
        f'height="4" rx="2"/><rect class="fill" y="4" width="{144 * value.value:.1f}" height="4" rx="2"/>'
        f"{span}{wants}</svg>"
    )


def _x(share: float) -> float:
    return _LEFT + _WIDTH * share


def _y(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)


def _frame(name: str, body: str, across: str, levels: Sequence[str]) -> str:
    rows = ""
    for place, level in enumerate(levels):
        y = _y(place / (len(levels) - 1))
        rows += f'<line class="axis" x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDTH}" y2="{y:.1f}"/>'
        rows += f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{level}</text>'
    for share in (0.0, 0.5, 1.0):
        rows += f'<text x="{_x(share):.1f}" y="{_y(0) + 16:.1f}" text-anchor="middle">{share:.0%}</text>'
    rows += f'<text x="{_x(0.5):.1f}" y="{_y(0) + 32:.1f}" text-anchor="middle">{across}</text>'
    box = f"0 0 {_LEFT + _WIDTH + 16} {_TOP + _HEIGHT + 38}"
    return f'<svg viewBox="{box}" role="img" aria-label="{name}">{rows}{body}</svg>'
