"""The one colour of a picture that can be known before it is there."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"


def average_of(blurhash: str) -> str:
    """Return `#rrggbb` of a blurhash, or nothing where it is not one."""
    # The third to sixth of its digits, in base 83, are the average in plain sRGB.
    digits = [DIGITS.find(each) for each in blurhash[2:6]]
    if len(digits) < 4 or -1 in digits:
        return ""
    number = 0
    for digit in digits:
        number = number * 83 + digit
    return f"#{number:06x}" if number <= 0xFFFFFF else ""
