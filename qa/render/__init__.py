"""An ``Answer`` as text, Markdown or JSON; and what keeps a document's control characters from the terminal."""
