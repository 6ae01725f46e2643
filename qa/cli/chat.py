"""``qa chat``."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperCommand

from qa.cli import options as o
from qa.cli.console import err


class _Chat(TyperCommand):
    """``--resume`` may stand alone, which the toolkit has no word for."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # as in qa.cli.app
        following = [*args[1:], "-"]
        words = [
            "--resume=" if this == "--resume" and after.startswith("-") else this
            for this, after in zip(args, following, strict=False)
        ]
        return super().parse_args(ctx, words)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("chat", cls=_Chat)(chat)


def chat(
    store: o.StoreOption = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume", metavar="[ID|NAME]", help="Go on with this conversation, or (alone) with the last one."
        ),
    ] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="dark, light or contrast.")] = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    llm_url: o.UrlOption = None,
    embedder: o.EmbedderOption = None,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Talk with your documents in the terminal; every sentence is checked before your eyes."""
    from qa import tui
    from qa.wiring import chat_settings

    typed = {
        "store": store,
        "theme": theme,
        "model": model,
        "adapter": adapter,
        "llm_url": llm_url,
        "embedder": embedder,
        "offline": offline,
    }
    settings, conversations = chat_settings(config, typed)

    def backend() -> tui.Backend:
        # Imported behind the first screen, not before it.
        from qa.wiring.remote import RemoteBackend

        return RemoteBackend(settings)

    return tui.run(
        backend,
        sessions_path=conversations,
        resume=True if resume == "" else resume,
        theme=settings.theme,
        farewell=lambda line: err().print(line, soft_wrap=True),
    )
