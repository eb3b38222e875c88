"""A process that does a piece of work for another one: asked by its standard input, it answers by its standard output.

It is asked a line of JSON (where its libraries lie) and a pickle: a function, and what it is to be given after the
means to say something. It answers pickles (what kind of thing it says, the thing), an error as the last one.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import Any

#: The kind of thing said that is an error.
ERROR = "error"


def main() -> None:
    """Do what is asked for."""
    # Ctrl-C is for whoever asks, who then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = sys.stdin.buffer
    sys.path[:] = json.loads(asked.readline())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer

    def say(kind: str, what: Any) -> None:
        pickle.dump((kind, what), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    # Where nobody listens any more, there is nothing left to do, and nobody to tell.
    with suppress(BrokenPipeError), answers:
        try:
            work, words = pickle.load(asked)  # noqa: S301 -- by whoever started this process
            work(say, *words)
        except BrokenPipeError:
            raise
        except Exception as e:  # noqa: BLE001 -- raised again where it was asked for
            say(ERROR, sendable(e))


def sendable(error: Exception) -> Exception:
    """Return an error as it is, or in words where it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 -- just made here
    except Exception:  # noqa: BLE001 -- whatever it is made of
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


if __name__ == "__main__":
    main()
