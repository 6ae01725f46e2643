"""The index on disk: a catalogue (SQLite), vectors (FAISS) and a manifest that commits both at once.

Readers use ``Index``; writers use ``update`` and ``remove``; ``locate`` finds the folder. `index/FORMAT.md` describes
the files.
"""

from qa.store.index import Index
from qa.store.manifest import Manifest
from qa.store.place import locate
from qa.store.report import Progress, Report, Step
from qa.store.writer import remove, update

__all__ = ["Index", "Manifest", "Progress", "Report", "Step", "locate", "remove", "update"]
