"""What is said while an exercise is under way: one utterance at a time, chosen for what matters now, never a queue."""

from __future__ import annotations

from collections import Counter

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import PositionLost, Rep, RepDone
from formcheck.judging.session.moment import Moment

from ..voice.utterances import ALERT, CHAT, CORRECTION, COUNT, FLOW, PRAISE, Utterance, speech_seconds
from .corrections import Corrections
from .holding import COUNTED_S, HoldTalk, hold_seconds
from .phrases import Phrases
from .plan import Target

#: A picture that cannot be judged is spoken of after this long, and again after these seconds, the last for ever after.
VIEW_S, VIEW_AGAIN_S = 1.0, (8.0, 15.0, 30.0)
#: Other advice may be given this soon after the one before.
OTHER_ADVICE_S = 4.0
#: Seconds of a good picture before that is said, and before an old problem is a new one.
GOOD_S, FORGET_S = 0.7, 3.0
#: Cues for belly and breath: from this second of the exercise on, this far apart, and only after this long a silence.
CHAT_FROM_S, CHAT_EVERY_S, QUIET_S = 10.0, 35.0, 3.0
#: The last repetition but one is announced in sets of at least this many.
ANNOUNCED_FROM = 4
#: A try must be this much longer than all before to be the best (s).
BETTER_S = 0.5


class ViewTalk:
    """Speaks of a picture that cannot be judged: after a second, then less and less often."""

    def __init__(self, exercise: Exercise, phrases: Phrases) -> None:
        self._exercise, self._phrases = exercise, phrases
        self._told = ""
        self._since: float | None = None
        self._good_since: float | None = None
        self._said_at, self._times = -1e9, 0
        self._thank = False

    def update(self, m: Moment, *, speaking: bool = False) -> Utterance | None:
        """Take a moment; return what to say of the picture, if anything."""
        if m.problem is None:
            return self._good(m, speaking) if m.sample else None
        self._good_since = None
        text = self._phrases.advice(m.problem[0], self._exercise)
        if self._since is None:
            self._since = m.t
        pause = VIEW_AGAIN_S[min(self._times, len(VIEW_AGAIN_S)) - 1] if self._times else 0.0
        if text != self._told:
            pause = min(pause, OTHER_ADVICE_S)
        if m.t - self._since < VIEW_S or m.t - self._said_at < pause:
            return None
        self._told, self._said_at, self._times, self._thank = text, m.t, self._times + 1, True
        return Utterance(text, ALERT, m.t, 2.0, f"view:{m.problem[0]}")

    def _good(self, m: Moment, speaking: bool) -> Utterance | None:
        self._since = None
        if self._good_since is None:
            self._good_since = m.t
        if m.t - self._good_since >= FORGET_S:
            self._times, self._told, self._thank = 0, "", False
        if self._thank and not speaking and m.t - self._good_since >= GOOD_S:
            self._thank = False
            return Utterance(self._phrases.say("view-good"), PRAISE, m.t, 2.0, "view:good")
        return None


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

    Examples
    --------
    ::

        cues = CueScheduler(exercise, Phrases("en"))
        for moment in session.update(observation):
            utterance = cues.update(moment, speaking=voice.speaking)
            if utterance is not None:
                voice.say(utterance, moment.t)
    """

    def __init__(
        self, exercise: Exercise, phrases: Phrases, *, target: Target | None = None, hold_s: float | None = None
    ) -> None:
        self.exercise, self.phrases = exercise, phrases
        self.target = target if target is not None else Target.of(exercise)
        self._holds = HoldTalk(exercise, phrases, hold_seconds(exercise) if hold_s is None else hold_s)
        self._corrections = Corrections(exercise, phrases)
        self._view = ViewTalk(exercise, phrases)
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
            Whether the voice is busy: then only counts, verdicts on attempts and words about the picture are returned.
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

    def _choose(self, m: Moment, speaking: bool) -> Utterance | None:
        verdict = None
        for event in m.events:
            if isinstance(event, RepDone):
                self._holds.rep_done(event.rep)
                left = any(isinstance(e, PositionLost) for e in m.events)
                verdict = self._verdict(event.rep, m, left=left) or verdict
        view = self._view.update(m, speaking=speaking) if verdict is None else None
        if view is not None:
            return view
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
            return Utterance(self.phrases.say("unseen"), CORRECTION, m.t, 1.5, "not-counted")
        if left:
            # Whoever has got up need not hear of it.
            self._corrections.dismiss()
            return None
        text, fault = self._corrections.why(rep, m.t)
        good_for_s = 0.8 if text == self.phrases.say("not-counted") else 1.5
        return Utterance(text, CORRECTION, m.t, good_for_s, f"not-counted:{fault}" if fault else "not-counted")

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
            name = self.phrases.block(self.exercise, part) if rep.block else self.phrases.side(part)
            return self.phrases.say("rep-side", side=name, n=n)
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
