"use strict";
(async () => {
  const { one, el, ask, keep, told, written, flush, clock, typing, plain } = desk;
  let data = await ask("data");
  let at = 0;
  const video = one("video");

  const COUNTED = new Map([[true, "counts"], [false, "does not count"], [null, "unsure"]]);
  const SIDES = [null, "left", "right"];
  const NEXT = new Map([[undefined, "certain"], ["certain", "possible"], ["possible", undefined]]);

  const measured = (rep) => ({ counted: rep.counted, side: rep.side, faults: rep.faults.map((f) => ({ id: f.id, certainty: "certain" })) });
  const now = (rep) => rep.said ?? { ...measured(rep), note: null, answer: null };

  async function say(rep, changes) {
    const before = now(rep);
    const said = { index: rep.index, counted: before.counted, side: before.side, faults: before.faults, note: before.note, answer: "changed", ...changes };
    said.faults = said.faults.map((f) => ({ id: f.id, certainty: f.certainty }));
    if (said.answer === "changed" && same(said, measured(rep))) said.answer = "confirmed";
    // What is pressed next goes on from here, also before the answer is there.
    rep.said = { ...said, by: data.by, at: new Date().toISOString() };
    await change("rep", said);
  }

  const key = (faults) => faults.map((f) => `${f.id} ${f.certainty}`).sort().join("|");
  const same = (a, b) => a.counted === b.counted && a.side === b.side && key(a.faults) === key(b.faults);

  let pending = 0, drawing = false;
  async function change(path, body) {
    pending += 1;
    const answer = await keep(path, body).catch(() => ask("data").catch(() => null));
    pending -= 1;
    // An answer from before the last change does not know of it yet.
    if (pending || answer === null) return;
    data = answer;
    draw();
  }

  const actions = {
    confirm: (rep) => say(rep, { ...measured(rep), answer: "confirmed" }),
    count: (rep) => {
      const kinds = [...COUNTED.keys()];
      return say(rep, { counted: kinds[(kinds.indexOf(now(rep).counted) + 1) % kinds.length] });
    },
    none: (rep) => say(rep, now(rep).answer === "none" ? {} : { answer: "none", counted: false }),
    side: (rep) => say(rep, { side: SIDES[(SIDES.indexOf(now(rep).side) + 1) % SIDES.length] }),
    fault: (rep, id) => {
      const faults = now(rep).faults.filter((f) => f.id !== id);
      const next = NEXT.get(now(rep).faults.find((f) => f.id === id)?.certainty);
      return say(rep, { faults: next ? [...faults, { id, certainty: next }] : faults });
    },
    back: (rep) => (rep.said ? change("rep", { index: rep.index, answer: null }) : undefined),
    note: (rep, text) => ((now(rep).note ?? "") === text ? undefined : say(rep, { note: text, answer: now(rep).answer ?? "changed" })),
  };

  function choose(k, jump = true) {
    if (!data.reps.length) return;
    at = Math.min(Math.max(k, 0), data.reps.length - 1);
    for (const [i, li] of [...one("reps").children].entries()) li.setAttribute("aria-current", String(i === at));
    one("reps").children[at]?.scrollIntoView({ block: "nearest" });
    if (jump && data.video) video.currentTime = Math.max(0, data.reps[at].start_s - data.offset);
  }

  function repItem(rep, k) {
    const said = now(rep);
    const button = (text, hint, act, on, kbd) => el("button", { type: "button", class: on, title: hint, on: () => { choose(k, false); act(rep); } }, kbd ? el("kbd", {}, kbd) : null, text);
    const faults = data.faults.map((f, i) => {
      const had = rep.faults.find((x) => x.id === f.id);
      const sure = said.faults.find((x) => x.id === f.id)?.certainty;
      return el("button", { type: "button", class: `${sure ?? ""} ${had ? "measured" : ""}`, title: f.cue, "aria-label": `${f.label}: ${sure ?? "none"}${had ? ", measured" : ""}`, "data-fault": f.id, on: () => { choose(k, false); actions.fault(rep, f.id); } }, i < 9 ? el("kbd", {}, String(i + 1)) : null, f.label);
    });
    const note = el("textarea", { rows: 1, maxlength: 4000, "aria-label": `Note on repetition ${rep.index}`, placeholder: "Note" });
    note.value = said.note ?? "";
    const save = written(note, (text) => actions.note(data.reps.find((r) => r.index === rep.index) ?? rep, text));
    note.addEventListener("blur", () => { if (!drawing) save(); });
    note.addEventListener("focus", () => choose(k, false));
    const what = rep.faults.map((f) => f.label + (f.worst ? ` ${f.worst}` : "")).join("; ");
    return el("li", { class: rep.said ? `said ${rep.said.answer}` : "", "data-rep": rep.index },
      el("div", { class: "row1" }, el("h3", {}, `Repetition ${rep.index}`), el("button", { type: "button", class: "link", on: () => choose(k) }, `${clock(rep.start_s)} to ${clock(rep.end_s)}`)),
      el("p", { class: "measured-line soft" }, `Measured: ${rep.verdict_said}${rep.side ? `, ${rep.side}` : ""}${what ? `. ${what}` : ""}${rep.why ? `. ${rep.why}` : ""}`),
      el("div", { class: "choices" },
        button("Confirm", "It is as measured", actions.confirm, said.answer === "confirmed" ? "on" : "", "c"),
        button(COUNTED.get(said.counted), "Does it count?", actions.count, said.counted !== rep.counted ? "certain" : "", "x"),
        button(said.side ?? "no side", "Which side?", actions.side, said.side !== rep.side ? "certain" : "", "s"),
        button("No attempt", "It is no attempt at all", actions.none, said.answer === "none" ? "certain" : "", "0"),
        rep.said ? button("Take back", "Nothing is said of it", actions.back, "", "u") : null),
      el("div", { class: "choices", role: "group", "aria-label": "Faults" }, ...faults),
      note,
      rep.said ? el("p", { class: "who" }, `${rep.said.answer} by `, el("bdi", {}, rep.said.by), `, ${new Date(rep.said.at).toLocaleString()}`) : null);
  }

  function wholeItem(fault) {
    const sure = fault.said?.certainty;
    const note = el("textarea", { rows: 1, maxlength: 4000, "aria-label": `Note on ${fault.label}`, placeholder: "Note" });
    note.value = fault.said?.note ?? "";
    const send = (certainty) => change("fault", { id: fault.id, certainty, note: note.value.trim() });
    const save = written(note, (text) => {
      const said = data.whole.find((f) => f.id === fault.id)?.said;
      return text === (said?.note ?? "") ? undefined : send(said?.certainty ?? "certain");
    });
    note.addEventListener("blur", () => { if (!drawing) save(); });
    const button = (certainty, text) => el("button", { type: "button", class: sure === certainty ? (certainty === "none" ? "on" : certainty) : "", on: () => send(certainty) }, text);
    return el("li", { class: fault.said ? `said ${sure === "certain" ? "" : "changed"}` : "", "data-whole": fault.id },
      el("div", { class: "row1" }, el("h3", {}, fault.label), el("span", { class: "soft" }, fault.worst)),
      el("div", { class: "choices" }, button("certain", "It is there"), button("possible", "Possible"), button("none", "It is not"),
        fault.said ? el("button", { type: "button", title: "Nothing is said of it", on: () => change("fault", { id: fault.id, certainty: null }) }, "Take back") : null), note,
      fault.said ? el("p", { class: "who" }, "by ", el("bdi", {}, fault.said.by)) : null);
  }

  function draw() {
    document.title = `Review of ${data.film}`;
    one("title").textContent = data.title;
    one("film").textContent = data.film;
    one("by").textContent = data.by;
    one("patient").textContent = data.patient ?? "";
    one("of").hidden = !data.patient;
    flush();
    const typed = document.activeElement?.matches("#reps textarea, #whole textarea") ? document.activeElement : null;
    drawing = true;
    one("reps").replaceChildren(...data.reps.map(repItem));
    one("whole").replaceChildren(...data.whole.map(wholeItem));
    if (document.activeElement !== one("note")) one("note").value = data.note ?? "";
    const { measured: m, corrected: c } = data;
    const score = (x) => (x === null ? "–" : String(Math.round(x)));
    one("figures").replaceChildren(
      el("span", {}), el("span", { class: "soft" }, "measured"), el("span", { class: "soft" }, "corrected"),
      el("span", { class: "soft" }, "counted"), el("b", { id: "m-counted" }, String(m.counted)), el("b", { id: "c-counted" }, String(c.counted) + (c.unsure ? ` (+${c.unsure}?)` : "")),
      el("span", { class: "soft" }, "clean"), el("b", { id: "m-clean" }, String(m.clean)), el("b", { id: "c-clean" }, String(c.clean)),
      el("span", { class: "soft" }, "score"), el("b", { id: "m-score" }, score(m.score)), el("b", { id: "c-score" }, score(c.score)));
    choose(at, false);
    const open = typed && document.querySelector(`textarea[aria-label="${CSS.escape(typed.getAttribute("aria-label"))}"]`);
    if (open) {
      // Who writes a note goes on writing.
      const { value, selectionStart, selectionEnd } = typed;
      open.focus();
      open.value = value;
      open.setSelectionRange(selectionStart, selectionEnd);
    }
    drawing = false;
  }

  const keepNote = written(one("note"), (text) => (text === (data.note ?? "") ? undefined : change("note", { note: text })));
  one("note").addEventListener("blur", keepNote);
  document.addEventListener("keydown", (event) => {
    if (typing(event)) { if (event.key === "Escape") event.target.blur(); return; }
    if (!plain(event) || !data.reps.length) return;
    const rep = data.reps[at];
    const fault = /^[1-9]$/.test(event.key) ? data.faults[Number(event.key) - 1] : undefined;
    const acts = {
      ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), j: () => choose(at + 1), k: () => choose(at - 1),
      c: () => actions.confirm(rep), x: () => actions.count(rep), s: () => actions.side(rep), 0: () => actions.none(rep), u: () => actions.back(rep),
      t: () => one("reps").children[at].querySelector("textarea").focus(),
      " ": () => (video.paused ? video.play() : video.pause()),
      ",": () => { video.pause(); video.currentTime -= 1 / 30; }, ".": () => { video.pause(); video.currentTime += 1 / 30; },
    };
    const act = fault ? () => actions.fault(rep, fault.id) : acts[event.key];
    if (!act || (event.key === " " && event.target.closest("button, video"))) return;
    event.preventDefault();
    act();
  });

  if (data.video) { video.src = "film"; video.hidden = false; } else one("nofilm").hidden = false;
  draw();
  told("All kept");
  choose(0);
  document.documentElement.classList.add("ready");
})();
