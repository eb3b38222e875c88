"""Seconds in words, for the texts that say how long to hold: one source, the limit in force."""

from __future__ import annotations

#: What a text may hold: the seconds of the hold, and the same "to" one second more.
HOLD, HOLD_OR_MORE = "{hold}", "{hold_or_more}"

_EN = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
#: In the accusative: so long something is held.
_PL = (
    "zero", "jedną", "dwie", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć",
    "jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście",
    "osiemnaście", "dziewiętnaście",
)  # fmt: skip
_PL_TENS = (
    "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
    "osiemdziesiąt", "dziewięćdziesiąt",
)  # fmt: skip


def number_in_words(n: float, lang: str = "en") -> str:
    """Return a number in words, in digits where there are none for it.

    >>> number_in_words(5), number_in_words(42), number_in_words(7.5), number_in_words(22, "pl")
    ('five', 'forty-two', '7.5', 'dwadzieścia dwie')
    """
    small, tens, between = (_PL, _PL_TENS, " ") if lang == "pl" else (_EN, _EN_TENS, "-")
    if not float(n).is_integer() or not 0 <= n < 100:
        return f"{n:g}".replace(".", ",") if lang == "pl" else f"{n:g}"
    whole = int(n)
    if whole < len(small):
        return small[whole]
    unit = whole % 10
    last = "jeden" if lang == "pl" and unit == 1 else small[unit]
    return tens[whole // 10 - 2] + (between + last if unit else "")


def seconds_in_words(n: float, lang: str = "en") -> str:
    """Return a time in words, as how long something is held.

    >>> seconds_in_words(1), seconds_in_words(10), seconds_in_words(2, "pl"), seconds_in_words(5, "pl")
    ('one second', 'ten seconds', 'dwie sekundy', 'pięć sekund')
    """
    word = number_in_words(n, lang)
    if lang != "pl":
        return f"{word} second" if n == 1 else f"{word} seconds"
    if n == 1:
        return f"{word} sekundę"
    few = not float(n).is_integer() or (2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14)
    return f"{word} sekundy" if few else f"{word} sekund"


def with_hold(text: str, hold_s: float, lang: str = "en") -> str:
    """Return a text with the seconds of the hold filled in.

    >>> with_hold("Stay up for {hold_or_more}.", 2.0)
    'Stay up for two to three seconds.'
    """
    joint = "do" if lang == "pl" else "to"
    more = f"{number_in_words(hold_s, lang)} {joint} {seconds_in_words(hold_s + 1, lang)}"
    return text.replace(HOLD, seconds_in_words(hold_s, lang)).replace(HOLD_OR_MORE, more)
