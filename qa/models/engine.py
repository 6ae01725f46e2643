"""A GGUF model in memory: its tokens, and their evaluation."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.models.chat import CHATML, PLAIN, ChatTemplate, Part, chat_template
from qa.models.files import threads_or_cores
from qa.models.llama import check_magic, forget_said, library, said
from qa.models.signals import interrupts_wait
from qa.models.tree import Node

Logits = NDArray[np.float32]
"""Shape (vocabulary,)."""
State = NDArray[np.uint8]
"""Keys and values of a sequence, in llama.cpp's own form."""

MAX_SEQUENCES = 64
"""A prompt and its candidates, which are evaluated together."""
SPARE = 256
"""Cells of the key-value cache beyond the context: for the candidates of a prompt that fills it."""
CHUNK = 128
"""Tokens in one evaluation: about 0.2 s on two cores for the default model, the time in which a cancel is heard.

Not less than ``MAX_SEQUENCES``: llama.cpp aborts the process when more sequences than this may ask for an output."""
WHOLE = 512
"""The same where each token sees those after it too: they must then be evaluated at once."""
FLASH_FROM = 4097
"""Tokens of context from which attention is fused.

Not for short contexts: on a processor it takes 1.7 times as long for the 14 tokens of a question after its passage, and
1.2 times for the passage. For long ones the plain kind needs too much memory."""
WHOLE_KEY = "qa.whole_passages"
"""What the file of an adapter says that was trained so."""
RECIPE = f"{CHUNK} {WHOLE} {SPARE} {FLASH_FROM}"
"""What else than weights, build and processor decides the bytes of a ``State``."""


class Engine:
    """A model and one context. Not for two threads at once: callers hold ``lock``.

    ``cells`` bounds the tokens of all sequences together, shared ones counted once. ``whole`` tells whether it has room
    for evaluations in which tokens see those after them: when asked for, or when the adapter's file says ``WHOLE_KEY``.
    Raises ``ModelError`` for a file that is missing, is no GGUF, is
    damaged, or holds an architecture that this llama.cpp does not know.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int | None = None,
        context: int = 2048,
        adapter: Path | None = None,
        whole: bool = False,
    ) -> None:
        check_magic(path)
        if adapter is not None:
            check_magic(adapter)
        self._lib = library()
        self.lock = threading.Lock()
        self.path = path
        self.whole = whole
        self._adapter: Any = None
        self._context: Any = None
        self._batch: Any = None
        self._model: Any = None
        try:
            with interrupts_wait():  # llama.cpp tells of every step
                self._open(threads_or_cores(threads), context, adapter)
        except BaseException:
            self.close()
            raise

    def _open(self, threads: int, context: int, adapter: Path | None) -> None:
        self._model = self._load(self.path)
        self._vocab = self._lib.llama_model_get_vocab(self._model)
        self.parameters = int(self._lib.llama_model_n_params(self._model))
        self.context = min(context, int(self._lib.llama_model_n_ctx_train(self._model)) or context)
        self.cells = self.context + SPARE
        if adapter is not None:
            self._read(adapter)
        self._open_context(threads)
        if adapter is not None:
            self._apply(adapter)
        self.with_system, self.without_system = self._template()

    def close(self) -> None:
        """Free everything; the engine is of no use afterwards. May be called twice."""
        if self._batch is not None:
            self._lib.llama_batch_free(self._batch)
        if self._context is not None:
            self._lib.llama_free(self._context)
        if self._adapter is not None:
            self._lib.llama_adapter_lora_free(self._adapter)
        if self._model is not None:
            self._lib.llama_model_free(self._model)
        self._batch = self._context = self._adapter = self._model = None

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Token ids; special tokens are recognised in the text only when ``special``."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        found = (ctypes.c_int32 * room)()
        count = self._lib.llama_tokenize(self._vocab, data, len(data), found, room, False, special)
        if count < 0:
            raise ModelError(f"{self.path.name} cannot tokenise a text of {len(data)} bytes")
        return list(found[:count])

    def prompt(self, system: str, user: str) -> list[int]:
        """The tokens of a whole prompt in the model's chat template."""
        return self._join(self._parts(system, user))

    def opening(self, system: str, user: str) -> list[int]:
        """The tokens of a prompt up to the end of the user's text; the last may differ when more text follows."""
        return self._join(self._parts(system, user)[:-1])

    def _parts(self, system: str, user: str) -> list[Part]:
        return (self.with_system if system else self.without_system).parts(system, user)

    def _join(self, parts: Sequence[Part]) -> list[int]:
        tokens = [token for part in parts for token in self.tokens(part.text, special=part.special)]
        bos = self._lib.llama_vocab_bos(self._vocab)
        if self._lib.llama_vocab_get_add_bos(self._vocab) and bos >= 0 and tokens[:1] != [bos]:
            tokens.insert(0, bos)
        return tokens

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; special tokens stand for none."""
        buffer = ctypes.create_string_buffer(256)
        length = self._lib.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:length] if length > 0 else b""

    def ends_turn(self, token: int) -> bool:
        """Whether the model says with this token that its reply is complete."""
        return bool(self._lib.llama_vocab_is_eog(self._vocab, token))

    @cached_property
    def end_of_turn(self) -> int:
        """The token that ends a reply: the one with which the chat template ends the user's turn.

        Not the end-of-turn token that llama.cpp guesses: for the default model it is one that no reply ends with.
        """
        after = self.tokens(self.without_system.after, special=True)[:1]
        if after and self.ends_turn(after[0]):
            return after[0]
        return int(self._lib.llama_vocab_eos(self._vocab))

    def clear(self) -> None:
        """Forget everything evaluated so far."""
        self._lib.llama_memory_clear(self._lib.llama_get_memory(self._context), False)

    def share(self, sequence: int) -> None:
        """Let another sequence begin with all that sequence 0 holds."""
        self._lib.llama_memory_seq_cp(self._lib.llama_get_memory(self._context), 0, sequence, -1, -1)

    def save(self) -> State:
        """What sequence 0 holds, as bytes for ``restore``."""
        size = int(self._lib.llama_state_seq_get_size(self._context, 0))
        state = np.empty(size, np.uint8)
        if self._lib.llama_state_seq_get_data(self._context, _bytes(state), size, 0) != size:
            raise ModelError(f"{self.path.name}: llama.cpp cannot save {size} bytes of what it evaluated{said()}")
        return state

    def restore(self, state: State) -> None:
        """Hold in sequence 0 what was saved, and nothing else."""
        self.clear()
        if self._lib.llama_state_seq_set_data(self._context, _bytes(state), state.size, 0) == 0:
            raise ModelError(f"{self.path.name}: llama.cpp cannot restore what it evaluated{said()}")

    def drop(self, sequence: int) -> None:
        """Forget one sequence; what others share with it stays."""
        self._lib.llama_memory_seq_rm(self._lib.llama_get_memory(self._context), sequence, -1, -1)

    def evaluate(self, nodes: Sequence[Node], *, whole: bool = False) -> list[Logits | None]:
        """Run at most ``CHUNK`` nodes through the model; logits of each wanted one, None for the others.

        ``whole``: at most ``WHOLE``, each of which sees all of them, and not only those before it.
        """
        batch = self._batch
        batch.n_tokens = len(nodes)
        for index, node in enumerate(nodes):
            batch.token[index] = node.token
            batch.pos[index] = node.position
            batch.n_seq_id[index] = len(node.sequences)
            for place, sequence in enumerate(node.sequences):
                batch.seq_id[index][place] = sequence
            batch.logits[index] = node.wanted
        self._lib.llama_set_causal_attn(self._context, not whole)
        code = self._lib.llama_decode(self._context, batch)
        if code != 0:
            raise ModelError(f"{self.path.name}: llama.cpp failed with code {code}{said()}")
        size = self._lib.llama_vocab_n_tokens(self._vocab)
        return [self._logits(index, size) if node.wanted else None for index, node in enumerate(nodes)]

    def _logits(self, index: int, size: int) -> Logits:
        pointer = self._lib.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, shape=(size,)).copy()

    def _load(self, path: Path) -> Any:
        parameters = self._lib.llama_model_default_params()
        parameters.n_gpu_layers = 0
        forget_said()
        model = self._lib.llama_model_load_from_file(os.fsencode(path), parameters)
        if not model:
            raise ModelError(f"the model {path} cannot be loaded{said()}", "get the file again; `qa doctor` checks it")
        return model

    def _open_context(self, threads: int) -> None:
        lib = self._lib
        parameters = lib.llama_context_default_params()
        parameters.n_ctx = self.cells
        size = WHOLE if self.whole else CHUNK
        parameters.n_batch = parameters.n_ubatch = size
        parameters.n_seq_max = MAX_SEQUENCES
        parameters.n_threads = parameters.n_threads_batch = threads
        fused = self.context >= FLASH_FROM
        parameters.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_ENABLED if fused else lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
        # One buffer for all sequences: a shared beginning is stored once.
        parameters.kv_unified = True
        parameters.no_perf = True
        self._context = lib.llama_init_from_model(self._model, parameters)
        if not self._context:
            raise ModelError(f"the model {self.path} cannot be opened with {self.cells} tokens{said()}")
        self._batch = lib.llama_batch_init(size, 0, MAX_SEQUENCES)

    def _read(self, adapter: Path) -> None:
        self._adapter = self._lib.llama_adapter_lora_init(self._model, os.fsencode(adapter))
        if not self._adapter:
            self._adapter = None
            raise ModelError(f"the adapter {adapter} does not fit the model {self.path.name}{said()}")
        buffer = ctypes.create_string_buffer(16)
        found = self._lib.llama_adapter_meta_val_str(self._adapter, WHOLE_KEY.encode(), buffer, len(buffer))
        self.whole = self.whole or (found > 0 and buffer.value == b"true")

    def _apply(self, adapter: Path) -> None:
        lib = self._lib
        adapters = (lib.llama_adapter_lora_p_ctypes * 1)(self._adapter)
        if lib.llama_set_adapters_lora(self._context, adapters, 1, (ctypes.c_float * 1)(1.0)) != 0:
            raise ModelError(f"the adapter {adapter} cannot be applied to {self.path.name}{said()}")

    def _template(self) -> tuple[ChatTemplate, ChatTemplate]:
        source = self._lib.llama_model_chat_template(self._model, None)
        if source:
            text = source.decode("utf-8", "replace")
        else:
            text = CHATML if len(self.tokens("<|im_start|>", special=True)) == 1 else PLAIN
        return chat_template(text, self._token_text("bos"), self._token_text("eos"))

    def _token_text(self, which: str) -> str:
        token = getattr(self._lib, f"llama_vocab_{which}")(self._vocab)
        found = self._lib.llama_vocab_get_text(self._vocab, token) if token >= 0 else None
        return found.decode("utf-8", "replace") if found else ""


def _bytes(state: State) -> Any:
    return state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
