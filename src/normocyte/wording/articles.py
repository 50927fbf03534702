"""The indefinite article."""


def a(word: str) -> str:
    """The article of a word, a or an."""
    return "an" if word[:1].lower() in "aeiou" else "a"
