"""The one who decides what is said: everything that wants to speak is offered here, and one thing is said at a time.

Counts, seconds, corrections, advice, breathing and the words of the workout's flow wait in one queue with one set of
priorities. Pure but for its state: time comes with the calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..voice.utterances import (
    ADVICE,
    ALERT,
    BREATH,
    CHAT,
    CORRECTION,
    COUNT,
    FLOW,
    PRAISE,
    TIMED,
    Utterance,
    speech_seconds,
)


@dataclass(frozen=True)
class Rule:
    """How one kind of words behaves.

    Attributes
    ----------
    gap_s : float
        Seconds within which the same words are not said again.
    cuts : int
        Words of up to this level are cut off for it; -1: none are.
    after_s : float
        ... once it has waited this long.
    fills : bool
        Only said where there is time for the whole of it before the next word that belongs to its second.
    """

    gap_s: float = 0.0
    cuts: int = -1
    after_s: float = 0.0
    fills: bool = False


#: One set of rules. What belongs to its second waits for the end of a word, not of a sentence.
RULES: dict[int, Rule] = {
    CHAT: Rule(30.0, fills=True),
    PRAISE: Rule(5.0, fills=True),
    BREATH: Rule(1.5, fills=True),
    CORRECTION: Rule(4.0, fills=True),
    ADVICE: Rule(5.0, fills=True),
    COUNT: Rule(),
    FLOW: Rule(1.0, cuts=COUNT),
    TIMED: Rule(cuts=TIMED, after_s=0.3),
    ALERT: Rule(1.0, cuts=FLOW),
}


@dataclass(frozen=True)
class Directed:
    """What to do now.

    Attributes
    ----------
    hush : bool
        Stop what is being said.
    say : Utterance or None
        Begin to say this.
    """

    hush: bool = False
    say: Utterance | None = None


class Director:
    """Chooses from all that is offered."""

    def __init__(self) -> None:
        self._queue: list[Utterance] = []
        #: What is being said, as far as it is known.
        self._now: Utterance | None = None
        self._said: dict[str, float] = {}
        self._hush = False
        #: What was chosen and not yet taken.
        self._out: list[Utterance] = []
        self._hush_out = False

    @property
    def waiting(self) -> bool:
        """Whether something waits to be said."""
        return bool(self._queue)

    def offer(self, utterance: Utterance) -> None:
        """Take something that wants to be said; in place of what waits under the same key.

        The same words within their gap are left out.
        """
        if not utterance.text:
            return
        gap = RULES[utterance.priority].gap_s
        if utterance.t - self._said.get(utterance.text, -1e9) < gap:
            return
        self._queue = [u for u in self._queue if u.key != utterance.key and u.text != utterance.text]
        self._queue.append(utterance)

    def say(self, text: str, priority: int, t: float, key: str, good_for_s: float = 2.0) -> None:
        """Take words that want to be said from a time on, as :meth:`offer` does."""
        self.offer(Utterance(text, priority, t, good_for_s, key))

    def overtake(self) -> None:
        """Drop what waits, and stop what is being said: events have passed it by."""
        self._queue.clear()
        self._hush = True

    def forget(self, *keys: str) -> None:
        """Drop what waits under these keys, or keys that begin with them and a colon."""
        self._queue = [u for u in self._queue if u.key not in keys and u.key.partition(":")[0] not in keys]

    def update(self, t: float, *, speaking: bool, free_s: float = float("inf")) -> Directed:
        """Let time pass; return what to do.

        Parameters
        ----------
        t : float
            Seconds, on the clock of the utterances.
        speaking : bool
            Whether the voice is busy.
        free_s : float
            Seconds until the next word that belongs to its second.
        """
        hush, self._hush = self._hush, False
        if hush or not speaking:
            self._now, speaking = None, False
        self._queue = [u for u in self._queue if t - u.t <= u.good_for_s]
        ready = [u for u in self._queue if not RULES[u.priority].fills or speech_seconds(u.text) <= free_s]
        if not ready:
            return Directed(hush)
        best = max(ready, key=lambda u: u.priority)
        if speaking:
            if not self._may_cut(best, t):
                return Directed(hush)
            hush = True
            if best.priority == ALERT:
                self._keep(t)
        self._queue.remove(best)
        self._now, self._said[best.text] = best, t
        return Directed(hush, best)

    def _may_cut(self, best: Utterance, t: float) -> bool:
        # What is said without being known here is a sentence of the flow.
        level = self._now.priority if self._now is not None else FLOW
        rule = RULES[best.priority]
        return level <= rule.cuts and t - best.t >= rule.after_s

    def _keep(self, t: float) -> None:
        """Say the words of the flow again that are cut off: nobody could guess them."""
        cut = self._now
        if cut is not None and cut.priority == FLOW and not any(u.key == cut.key for u in self._queue):
            self._queue.append(replace(cut, t=t))
            self._said.pop(cut.text, None)

    def direct(self, t: float, *, speaking: bool, free_s: float = float("inf")) -> None:
        """Let time pass as :meth:`update` does, and keep what to do until it is taken."""
        directed = self.update(t, speaking=speaking, free_s=free_s)
        self._hush_out |= directed.hush
        if directed.say is not None:
            self._out.append(directed.say)

    def take(self) -> list[Utterance]:
        """Return what is to be said since the last call."""
        out, self._out = self._out, []
        return out

    def take_hush(self) -> bool:
        """Return whether to fall silent first."""
        out, self._hush_out = self._hush_out, False
        return out
