"""Where people are whose region is stated as Common Voice states it: about the middle of it.

The middle of where its people live, not of its land, to a degree or so: coarse, but real.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A point on the earth in degrees, north and east positive."""

    latitude: float
    longitude: float


PLACES: dict[str, Place] = {
    "Australia": Place(-34.0, 147.0),
    "Canada": Place(45.5, -76.0),
    "England": Place(52.4, -1.5),
    "Hong Kong": Place(22.3, 114.2),
    "India and South Asia": Place(22.0, 79.0),
    "Ireland": Place(53.3, -7.5),
    "Malaysia": Place(3.5, 102.0),
    "New Zealand": Place(-40.0, 175.0),
    "Philippines": Place(13.5, 122.0),
    "Scotland": Place(56.0, -3.8),
    "Singapore": Place(1.3, 103.8),
    "Southern Africa": Place(-28.0, 28.0),
    "United States": Place(38.5, -92.0),
    "Wales": Place(52.0, -3.5),
    "West Indies and Bermuda": Place(18.0, -72.0),
}
