"""Which letters each of our font files has. The names stand in static/css/base.css, too: a browser fetches a file only
when its letters are on the page.
"""

RANGES = {
    "latin": "U+0020-007E, U+00A0, U+00A7, U+00A9, U+00AB, U+00B0-00B1, U+00B7, U+00BB, U+00D7, U+2011-2014, "
    "U+2018-201A, U+201C-201E, U+2022, U+2026, U+202F, U+2116, U+2190-2193, U+2212",
    "accents": "U+00C0-00D6, U+00D8-00F6, U+00F8-00FF",
    "russian": "U+0400-045F",
    "tajik": "U+0492-0493, U+049A-049B, U+04B2-04B3, U+04B6-04B7, U+04E2-04E3, U+04EE-04EF",
}
