"""Draws an evaluation (SVG): how honest the confidence is, and what deciding alone costs."""

from collections.abc import Iterable
from typing import Final

from .evaluating import Evaluation

_SIDE: Final = 320
_EDGE: Final = 56
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_STYLE: Final = (
    "text{font:12px sans-serif;fill:#333}.axis{stroke:#999;fill:none}.even{stroke:#bbb;stroke-dasharray:4 4}"
    ".line{stroke:#0b5fa5;stroke-width:2;fill:none}.dot{fill:#0b5fa5}"
)


def picture(evaluation: Evaluation) -> str:
    """Return two diagrams as one SVG: confidence against truth, and share decided against share right."""
    honest = _Diagram(_EDGE, "confidence", "right", lowest=0.0)
    decided = _Diagram(2 * _EDGE + _SIDE, "decided alone", "right", lowest=_floor(evaluation))
    claimed = [(confidence, right) for confidence, right, _ in evaluation.bins]
    covered = sorted((one.decided, one.right) for one in (*evaluation.by_threshold, *evaluation.by_share))
    parts = [
        *honest.frame(),
        *honest.diagonal(),
        *honest.curve(claimed),
        *decided.frame(),
        *decided.curve([point for point in covered if point[0] > 0]),
    ]
    width, height = 2 * (_SIDE + _EDGE) + _EDGE, _SIDE + 2 * _EDGE
    title = (
        f"{evaluation.texts} texts: macro-F1 {evaluation.macro_f1:.3f}, accuracy {evaluation.accuracy:.3f}, "
        f"calibration error {evaluation.calibration_error:.3f}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
        f'viewBox="0 0 {width} {height}"><title>{title}</title><style>{_STYLE}</style>'
        f'<rect width="{width}" height="{height}" fill="#fff"/><text x="{_EDGE}" y="24">{title}</text>'
        f"{''.join(parts)}</svg>\n"
    )


def _floor(evaluation: Evaluation) -> float:
    """Return where the axis of the share right begins: a twentieth below the least, rounded down."""
    least = min((one.right for one in (*evaluation.by_threshold, *evaluation.by_share)), default=0.0)
    return max(0.0, int(least * 20 - 1) / 20)


class _Diagram:
    """One square diagram; x from 0 to 1, y from `lowest` to 1."""

    def __init__(self, left: int, x_name: str, y_name: str, *, lowest: float) -> None:
        self._left, self._x_name, self._y_name, self._lowest = left, x_name, y_name, lowest

    def frame(self) -> Iterable[str]:
        """Yield axes, ticks and names."""
        left, bottom = self._left, _EDGE + _SIDE
        yield f'<path class="axis" d="M{left} {_EDGE}V{bottom}H{left + _SIDE}"/>'
        yield f'<text x="{left + _SIDE / 2}" y="{bottom + 38}" text-anchor="middle">{self._x_name}</text>'
        yield f'<text x="{left - 40}" y="{_EDGE - 8}">{self._y_name}</text>'
        for tick in _TICKS:
            value = self._lowest + tick * (1 - self._lowest)
            x, y = self._at(tick, value)
            yield f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{tick:.2f}</text>'
            yield f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value:.2f}</text>'

    def diagonal(self) -> Iterable[str]:
        """Yield the line on which confidence and truth are one."""
        (x1, y1), (x2, y2) = self._at(0, 0), self._at(1, 1)
        yield f'<path class="even" d="M{x1} {y1}L{x2} {y2}"/>'

    def curve(self, points: Iterable[tuple[float, float]]) -> Iterable[str]:
        """Yield the points and the line through them."""
        places = [self._at(x, y) for x, y in points]
        if places:
            yield f'<path class="line" d="M{"L".join(f"{x} {y}" for x, y in places)}"/>'
        for x, y in places:
            yield f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>'

    def _at(self, x: float, y: float) -> tuple[float, float]:
        up = (y - self._lowest) / max(1 - self._lowest, 1e-9)
        return round(self._left + x * _SIDE, 1), round(_EDGE + (1 - up) * _SIDE, 1)
