"""``qa chat``."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli import options as o


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("chat")(chat)


def chat(
    store: o.StoreOption = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last conversation.")] = False,
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
        # The models' libraries are imported behind the first screen, not before it.
        from qa.wiring.chat import ChatBackend

        return ChatBackend(settings)

    return tui.run(backend, sessions_path=conversations, resume=resume, theme=settings.theme)
