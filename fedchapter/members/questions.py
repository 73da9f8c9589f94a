"""What the chapter asks of whoever wants to join, and checking what they answered.

The questions are one setting, a question a line; a star at its end means that it must be answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Refusal

QUESTIONS_MAX = 10
QUESTION_CHARS_MAX = 200
ANSWER_CHARS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `field` is what the form calls it."""

    field: str
    text: str
    required: bool


def to_questions(setting: str) -> tuple[Question, ...]:
    """The questions of the setting, in its order; empty lines are none."""
    lines = [" ".join(line.split()) for line in setting.splitlines()]
    return tuple(
        Question(f"question_{number}", line.rstrip("* "), line.endswith("*"))
        for number, line in enumerate((line for line in lines if line.rstrip("* ")), 1)
    )


def check_questions(setting: str) -> None:
    """Raises Refusal for too many questions, or one that is too long."""
    questions = to_questions(setting)
    if len(questions) > QUESTIONS_MAX:
        raise Refusal("questions", "At most %(max)s questions: fewer are answered better.", max=QUESTIONS_MAX)
    if any(len(question.text) > QUESTION_CHARS_MAX for question in questions):
        raise Refusal("questions", "A question has at most %(max)s characters.", max=QUESTION_CHARS_MAX)


def check_answer(question: Question, answer: str) -> None:
    """Raises Refusal for one that is missing or too long."""
    if question.required and not answer:
        raise Refusal("answer", "Please answer: %(question)s", question=question.text)
    if len(answer) > ANSWER_CHARS_MAX:
        raise Refusal("answer", "An answer has at most %(max)s characters.", max=ANSWER_CHARS_MAX)


def to_answers(questions: tuple[Question, ...], typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Questions with what was answered, those left open left out."""
    pairs = ((question.text, typed.get(question.field, "").strip()) for question in questions)
    return tuple((text, answer) for text, answer in pairs if answer)
