"""Where red, green and blue lie, and how amounts of light by one three become those by another."""

from collections.abc import Iterable, Sequence

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]
Places = tuple[float, float, float, float, float, float, float, float]
"""White first, then red, green and blue, as x and y."""

SRGB: Places = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
BT2020: Places = (0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046)
_SMPTE: Places = (0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07)
PLACES: dict[int, Places] = {
    1: SRGB,
    4: (0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (0.3127, 0.329, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06),
    6: _SMPTE,
    7: _SMPTE,
    8: (0.31, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: BT2020,
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    22: (0.3127, 0.329, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077),
}
"""By the numbers of ITU-T H.273, which films and pictures share."""

D50: Row = (0.9642, 1.0, 0.8249)  # the white of every ICC profile
BRADFORD: Matrix = (
    (0.8951, 0.2664, -0.1614),
    (-0.7502, 1.7135, 0.0367),
    (0.0389, -0.0685, 1.0296),
)


def between(places: Sequence[float], others: Sequence[float]) -> Matrix:
    """Return what turns light told by some primaries into the same told by others."""
    columns = zip(*in_profiles(places), strict=True)
    back = inverse(in_profiles(others))
    one, two, three = (times(back, column) for column in columns)
    return _matrix(zip(one, two, three, strict=True))


def in_profiles(places: Sequence[float]) -> Matrix:
    """Return red, green and blue as columns of XYZ, seen under the white of profiles."""
    white, red, green, blue = (_xyz(*places[at : at + 2]) for at in (0, 2, 4, 6))
    shares = times(inverse(_matrix(zip(red, green, blue, strict=True))), white)
    seen, wanted = times(BRADFORD, white), times(BRADFORD, D50)
    scale = [one / other for one, other in zip(wanted, seen, strict=True)]
    back = inverse(BRADFORD)
    adapted = []
    for colour, share in zip((red, green, blue), shares, strict=True):
        cones = times(BRADFORD, _scaled(colour, (share, share, share)))
        adapted.append(times(back, _scaled(cones, scale)))
    return _matrix(zip(*adapted, strict=True))


def _xyz(x: float, y: float) -> Row:
    return (x / y, 1.0, (1 - x - y) / y)


def _matrix(rows: Iterable[Row]) -> Matrix:
    one, two, three = rows
    return one, two, three


def _scaled(row: Row, by: Sequence[float]) -> Row:
    return (row[0] * by[0], row[1] * by[1], row[2] * by[2])


def times(matrix: Matrix, column: Sequence[float]) -> Row:
    """Multiply a matrix by a column."""
    one, two, three = (sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix)
    return (one, two, three)


def inverse(matrix: Matrix) -> Matrix:
    """Return what undoes a matrix. Raises ArithmeticError where nothing does."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )
