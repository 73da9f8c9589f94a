"""Splitting a text into paragraphs whose ids stay, so that an amendment can name one (decisions.md §4.2)."""

from difflib import SequenceMatcher

Paragraph = tuple[str, str]


def split(source: str) -> list[str]:
    """The paragraphs of a Markdown text: what stands between empty lines."""
    paragraphs: list[list[str]] = [[]]
    for line in source.replace("\r\n", "\n").split("\n"):
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs if lines]


def number(texts: list[str], before: list[Paragraph], highest: int) -> list[Paragraph]:
    """(id, text) for each text. What is unchanged, or rewritten in place, keeps its id; what is new gets p<n>.

    `highest` is the largest number ever given out, so that the id of a removed paragraph never comes back.
    """
    ids: list[str | None] = [None] * len(texts)
    matcher = SequenceMatcher(None, [text for _, text in before], texts, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and old_to - old_from == new_to - new_from):
            ids[new_from:new_to] = [before[index][0] for index in range(old_from, old_to)]
    numbered: list[Paragraph] = []
    for known, text in zip(ids, texts, strict=True):
        if known is None:
            highest += 1
        numbered.append((known or f"p{highest}", text))
    return numbered
