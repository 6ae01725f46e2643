"""The chat in the terminal. The toolkit is imported when the chat starts, not when this package is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa.tui.backend import Backend, BackendFactory

__all__ = ["Backend", "BackendFactory", "run"]


def run(  # noqa: PLR0913 - keywords only, each a fact about the chat that is opened
    backend_factory: BackendFactory,
    *,
    sessions_path: Path,
    resume: str | bool | None = None,
    theme: str = "dark",
    export_folder: Path | None = None,
    farewell: Callable[[str], object] | None = None,
) -> int:
    """Open the chat and return the process's exit code when it is closed.

    ``sessions_path`` is the SQLite file of kept sessions, made when absent. ``resume``: True takes up the latest
    session, a text the one with this id or name (``InputError`` when there is none), None or False begins a new one.
    ``theme``: `dark`, `light` or `contrast`; without colour when the environment says NO_COLOR. ``export_folder``:
    where `/export` writes, the current folder by default. ``farewell`` is told, after the screen is gone, how the
    conversation can be taken up again, if anything was said in it.
    """
    from qa.tui.app import ChatApp
    from qa.tui.sessions import Sessions

    with Sessions(sessions_path) as sessions:
        session = sessions.take_up(resume)
        app = ChatApp(backend_factory, sessions, session, theme=theme, export_folder=export_folder or Path.cwd())
        app.run()
        kept = app.talk.session
        if farewell and kept:
            farewell(f"“{kept.name}” is kept: qa chat --resume {kept.id}")
        return app.return_code or 0
