"""Options that several commands share, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Folder of the index. Default: the nearest index/ upwards, else your data folder. [env: QA_STORE]",
    ),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Configuration file. [env: QA_CONFIG]")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="Path of a GGUF file, or the server's name of a model.")
]
AdapterOption = Annotated[
    str | None, typer.Option("--adapter", metavar="FILE", help="LoRA adapter (GGUF); 'none' for none.")
]
UrlOption = Annotated[
    str | None,
    typer.Option("--llm-url", metavar="URL", help="OpenAI-compatible server, for example http://localhost:8080/v1."),
]
EmbedderOption = Annotated[
    str | None,
    typer.Option("--embedder", metavar="NAME", help="Embedding model: a sentence-transformers id or folder."),
]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Seed of the generator.")]
OfflineOption = Annotated[
    bool | None, typer.Option("--offline", help="Refuse every network connection.", show_default=False)
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only sources whose publisher, title or path match. Repeatable."),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only documents dated on or after (YYYY-MM-DD).")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only documents dated on or before (YYYY-MM-DD).")
]
TopKOption = Annotated[int | None, typer.Option("--top-k", min=1, max=100, help="Passages that are found.")]
RiskOption = Annotated[
    float | None, typer.Option("--risk", min=0.0, max=1.0, help="Accepted share of wrong answers; lower refuses more.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
MarkdownOption = Annotated[bool, typer.Option("--md", help="Markdown on stdout.")]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Also how it was found and made.")]
