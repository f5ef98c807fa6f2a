"""Numbers that a page sends back."""


def number_in(text: str) -> int:
    """What was sent as a number; of anything else, or of one longer than any of ours, a number that fits nothing."""
    return int(text) if text.isdecimal() and len(text) < 19 else -1
