"""A model's own chat template, cut into the parts that may hold special tokens and the parts that must not."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import ModelError

CHATML = (
    "{% for message in messages %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
PLAIN = "{% for message in messages %}{{ message['content'] + '\n\n' }}{% endfor %}"

_SYSTEM = "QaSystemTextGoesHere"
_USER = "QaUserTextGoesHere"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a prompt.

    Only a ``special`` one is scanned for special tokens: a document must not be able to end a turn.
    """

    text: str
    special: bool


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """A template rendered once with marks in place of the texts; ``merged`` when the model knows no system role."""

    before: str
    between: str
    after: str
    merged: bool

    def parts(self, system: str, user: str) -> list[Part]:
        """The prompt that asks the model to reply to ``user`` under ``system``."""
        if self.merged or not system:
            user = f"{system}\n\n{user}" if system else user
            return [Part(self.before, True), Part(user, False), Part(self.after, True)]
        return [
            Part(self.before, True),
            Part(system, False),
            Part(self.between, True),
            Part(user, False),
            Part(self.after, True),
        ]


def chat_template(source: str, bos: str = "", eos: str = "") -> tuple[ChatTemplate, ChatTemplate]:
    """The template with and without a system text. Raises ``ModelError`` when the Jinja source gives no prompt.

    The source comes from a model file, so it runs in Jinja's sandbox with nothing but the messages.
    """
    alone = _cut(_render(source, [("user", _USER)], bos, eos), _USER)
    both = _render(source, [("system", _SYSTEM), ("user", _USER)], bos, eos)
    head = _cut(both, _SYSTEM)
    tail = _cut(head[1], _USER) if head else None
    if head and tail:
        with_system = ChatTemplate(head[0], tail[0], tail[1], merged=False)
    elif alone:
        with_system = ChatTemplate(alone[0], "", alone[1], merged=True)
    else:
        raise ModelError("the model's chat template does not give a user's message back")
    return with_system, ChatTemplate(alone[0], "", alone[1], merged=True) if alone else with_system


def _cut(text: str | None, mark: str) -> tuple[str, str] | None:
    if text is None or text.count(mark) != 1:
        return None
    before, _, after = text.partition(mark)
    return before, after


def _render(source: str, messages: list[tuple[str, str]], bos: str, eos: str) -> str | None:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> str:
        raise TemplateError(message)

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.globals.update(raise_exception=refuse, strftime_now=lambda _: "")
    try:
        return environment.from_string(source).render(
            messages=[{"role": role, "content": content} for role, content in messages],
            add_generation_prompt=True,
            enable_thinking=False,
            bos_token=bos,
            eos_token=eos,
        )
    except Exception:  # noqa: BLE001 - a foreign template may fail in any way
        return None
