"""What there is to say while an exercise is under way, for the director to choose from."""

from __future__ import annotations

from collections import Counter

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import PositionLost, Rep, RepDone
from formcheck.judging.session.moment import Moment

from ..voice.utterances import CHAT, CORRECTION, COUNT, FLOW, PRAISE, Utterance, speech_seconds
from .corrections import EVERY, Corrections
from .holding import COUNTED_S, HoldTalk, hold_seconds
from .phrases import Phrases
from .plan import Target

#: Cues for belly and breath: from this second of the exercise on, this far apart, and only after this long a silence.
CHAT_FROM_S, CHAT_EVERY_S, QUIET_S = 10.0, 35.0, 3.0
#: The last repetition but one is announced in sets of at least this many.
ANNOUNCED_FROM = 4
#: A try must be this much longer than all before to be the best (s).
BETTER_S = 0.5


class CueScheduler:
    """Chooses what to say from moment to moment, by the moments' own time.

    Parameters
    ----------
    exercise : Exercise
        With the limits in force (``Session.exercise``) where they are not the defaults.
    phrases : Phrases
    target : Target, optional
        What makes the set; default: what the routine asks for.
    hold_s : float, optional
        Seconds for which the end position is to be held; default: the exercise's own.
    correct_every : int
        A correction is said in one of this many repetitions while its fault stays.

    Examples
    --------
    ::

        cues = CueScheduler(exercise, Phrases("en"))
        for moment in session.update(observation):
            utterance = cues.update(moment, speaking=voice.speaking)
            if utterance is not None:
                director.offer(utterance)
    """

    def __init__(
        self,
        exercise: Exercise,
        phrases: Phrases,
        *,
        target: Target | None = None,
        hold_s: float | None = None,
        correct_every: int = EVERY,
    ) -> None:
        self.exercise, self.phrases = exercise, phrases
        self.target = target if target is not None else Target.of(exercise)
        self._holds = HoldTalk(exercise, phrases, hold_seconds(exercise) if hold_s is None else hold_s)
        self._corrections = Corrections(exercise, phrases, correct_every)
        self._parts: Counter[str] = Counter()
        self._part: str | None = None
        self._best_s = 0.0
        self._began: float | None = None
        #: Where the breath is led, no more is said of it.
        self._chats = ("navel",) if exercise.breathing.asked else ("navel", "keep-breathing")
        self._chat_at, self._chatted = -1e9, 0
        #: When what was last said is over, about.
        self._busy_until = -1e9

    def update(self, moment: Moment, *, speaking: bool = False) -> Utterance | None:
        """Take a moment; return what is to be said now, or None.

        Parameters
        ----------
        moment : Moment
        speaking : bool
            Whether the voice is busy: then only counts and verdicts on attempts are returned.
        """
        if speaking:
            self._busy_until = max(self._busy_until, moment.t)
        if self._began is None and moment.phase != "away":
            self._began = moment.t
        self._corrections.update(moment)
        said = self._choose(moment, speaking)
        if said is not None:
            self._busy_until = moment.t + speech_seconds(said.text)
        return said

    def free_s(self, moment: Moment) -> float:
        """Return the seconds until the next word that belongs to its second."""
        return self._holds.until_count(moment)

    def _choose(self, m: Moment, speaking: bool) -> Utterance | None:
        verdict = None
        for event in m.events:
            if isinstance(event, RepDone):
                self._holds.rep_done(event.rep)
                left = any(isinstance(e, PositionLost) for e in m.events)
                verdict = self._verdict(event.rep, m, left=left) or verdict
        held = self._holds.update(m)
        if verdict is not None or held is not None:
            return verdict or held
        if m.problem is not None:
            return None
        correction = self._correction(m, speaking)
        return None if speaking else correction or self._quiet_words(m)

    # ---- attempts ----------------------------------------------------------------
    def _verdict(self, rep: Rep, m: Moment, *, left: bool) -> Utterance | None:
        if rep.counted:
            text, done = self._count(rep, m)
            # That a side or a block is done must not be missed.
            return Utterance(text, FLOW if done else COUNT, m.t, 3.0 if done else 1.2, "rep")
        if rep.cut is not None:
            return Utterance(self.phrases.say("unseen"), COUNT, m.t, 1.5, "not-counted")
        if left:
            # Whoever has got up need not hear of it.
            self._corrections.dismiss()
            return None
        text, fault = self._corrections.why(rep, m.t)
        good_for_s = 0.8 if text == self.phrases.say("not-counted") else 1.5
        return Utterance(text, COUNT, m.t, good_for_s, f"not-counted:{fault}" if fault else "not-counted")

    def _count(self, rep: Rep, m: Moment) -> tuple[str, bool]:
        """Return the number, and whether a part of the set is done with it and others are not."""
        part = rep.block or rep.side or "" if self.target.parts else ""
        self._parts[part] += 1
        n = self._parts[part] if part else m.counts["total"]
        left = self.target.reps - n
        others = [p for p in self.target.parts if self._parts[p] < self.target.reps]
        if part and left == 0 and others:
            self._part = others[0]
            if rep.side:
                return self.phrases.say("rep-other-side", n=n), True
            return self.phrases.say("rep-next-part", n=n, what=self.phrases.block(self.exercise, others[0])), True
        return self._number(rep, part, n, left), False

    def _number(self, rep: Rep, part: str, n: int, left: int) -> str:
        p = self.exercise.prescription
        if self.exercise.as_long_as_possible and rep.hold_s >= 1.0:
            return self._try(n, rep.hold_s)
        if self.target.reps >= ANNOUNCED_FROM and left == 1:
            change = p.alternate and self._holds.hold_s >= COUNTED_S
            return self.phrases.say("rep-change-last" if change else "rep-one-more", n=n)
        if p.alternate and self._holds.hold_s >= COUNTED_S and left != 0:
            return self.phrases.say("rep-change", n=n)
        if part and part != self._part:
            self._part = part
            if rep.block:
                return self.phrases.say("rep-part", what=self.phrases.block(self.exercise, part), n=n)
            return self.phrases.say("rep-side", side=self.phrases.side(part), n=n)
        return self.phrases.say("rep", n=n)

    def _try(self, n: int, hold_s: float) -> str:
        best = n > 1 and hold_s > self._best_s + BETTER_S
        self._best_s = max(self._best_s, hold_s)
        return self.phrases.say("try-best" if best else "try", k=n, n=int(hold_s))

    # ---- faults, praise, breath ----------------------------------------------------
    def _correction(self, m: Moment, speaking: bool) -> Utterance | None:
        fault = self._corrections.choose(m.t)
        if fault is None:
            return None
        seconds = speech_seconds(self.phrases.cue(self.exercise, fault))
        # In a movement without a hold the number comes soon: what was said before can wait for it.
        soon = m.phase == "move" and not self._holds.hold_s and self._corrections.said_before(fault)
        if speaking or soon or seconds > self._holds.until_count(m):
            self._corrections.put_off(fault)
            return None
        return Utterance(self._corrections.say(fault, m.t), CORRECTION, m.t, 1.0, f"fault:{fault}")

    def _quiet_words(self, m: Moment) -> Utterance | None:
        breath = self._holds.breath(m, quiet=m.t - self._busy_until >= QUIET_S)
        if breath is not None:
            return breath
        free_s = self._holds.until_count(m)
        if free_s < 2.0:
            return None
        praise = self._corrections.praise(m.t)
        if praise is not None:
            return Utterance(praise[0], PRAISE, m.t, 1.5, f"mended:{praise[1]}")
        return self._chat(m, free_s)

    def _chat(self, m: Moment, free_s: float) -> Utterance | None:
        """Return a cue for belly or breath, now and then, where nobody is in the middle of a movement."""
        early = self._began is None or m.t - self._began < CHAT_FROM_S
        if early or m.phase not in ("start", "hold") or m.faults or m.t - self._chat_at < CHAT_EVERY_S:
            return None
        short = m.phase == "hold" and 0 < self._holds.hold_s < COUNTED_S
        if short or m.t - self._busy_until < QUIET_S:
            return None
        key = self._chats[self._chatted % len(self._chats)]
        text = self.phrases.say(key)
        if speech_seconds(text) > free_s:
            return None
        self._chat_at, self._chatted = m.t, self._chatted + 1
        return Utterance(text, CHAT, m.t, 1.0, f"chat:{key}")
