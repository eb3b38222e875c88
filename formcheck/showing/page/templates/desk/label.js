"use strict";
(async () => {
  const { one, el, ask, keep, told, written, clock, typing, plain } = desk;
  const data = await ask("data");
  const times = data.times;
  const reps = data.reps;
  let exercise = data.exercise;
  let frame = 0, at = reps.length ? 0 : -1, playing = false, complete = data.done;

  const COUNTED = new Map([[true, "counts"], [false, "does not count"], [null, "unsure"]]);
  const faults = () => data.exercises.find((e) => e.id === exercise)?.faults ?? [];
  const blocks = () => data.exercises.find((e) => e.id === exercise)?.blocks ?? [];
  const length = () => Math.max(times[times.length - 1] ?? 0, 0.1);

  // ---- pictures ----
  const ahead = new Map();
  function load(k) {
    if (k < 0 || k >= times.length || ahead.has(k)) return;
    const image = new Image();
    image.src = `picture/${k}`;
    ahead.set(k, image);
    if (ahead.size > 60) ahead.delete(ahead.keys().next().value);
  }
  function show(k) {
    frame = Math.min(Math.max(k, 0), times.length - 1);
    one("picture").src = `picture/${frame}`;
    for (let i = 1; i <= 6; i += 1) { load(frame + i); load(frame - i); }
    place();
  }
  function place() {
    const t = times[frame] ?? 0;
    one("clock").textContent = `${clock(t)}, picture ${frame + 1} of ${times.length}${complete ? "" : " …"}`;
    const strip = one("strip");
    strip.setAttribute("aria-valuemin", "0");
    strip.setAttribute("aria-valuemax", String(times.length - 1));
    strip.setAttribute("aria-valuenow", String(frame));
    strip.setAttribute("aria-valuetext", clock(t));
    strip.querySelector(".head").style.left = `${(100 * t) / length()}%`;
  }
  const nearest = (t) => times.reduce((best, x, k) => (Math.abs(x - t) < Math.abs(times[best] - t) ? k : best), 0);

  let shown = 0;
  function tick(now) {
    if (!playing) return;
    const due = times[Math.min(frame + 1, times.length - 1)] - times[frame];
    if ((now - shown) / 1000 >= due && one("picture").complete) {
      shown = now;
      if (frame + 1 >= times.length) playing = false; else show(frame + 1);
    }
    requestAnimationFrame(tick);
  }
  function play() { playing = !playing; if (playing) { shown = performance.now(); requestAnimationFrame(tick); } }

  // ---- attempts ----
  const current = () => reps[at];
  function save() {
    const wanted = reps.map((r) => ({ ...r }));
    keep("save", { exercise, reps: wanted, note: one("note").value.trim() }).catch(() => {});
    draw();
  }
  function begin() {
    const t = times[frame];
    const open = reps.findIndex((r) => r.end_s === null);
    if (open >= 0) { at = open; Object.assign(reps[open], { start_s: t, peak_s: reps[open].peak_s >= t ? reps[open].peak_s : null }); } else {
      const rep = { start_s: t, peak_s: null, end_s: null, side: null, block: null, cut: null, counted: true, faults: [], maybe: [] };
      reps.push(rep);
      reps.sort((a, b) => a.start_s - b.start_s);
      at = reps.indexOf(rep);
    }
    save();
  }
  function mark(what) {
    const rep = current();
    if (!rep) { told("Mark a start first (s)", true); return; }
    const t = times[frame];
    if (t < rep.start_s || (what === "end_s" && rep.peak_s !== null && t < rep.peak_s) || (what === "peak_s" && rep.end_s !== null && t > rep.end_s)) { told("Start, peak and end follow each other", true); return; }
    rep[what] = t;
    save();
  }
  function set(changes) { if (current()) { Object.assign(current(), changes); save(); } }
  function count() {
    const kinds = [...COUNTED.keys()];
    if (current()) set({ counted: kinds[(kinds.indexOf(current().counted) + 1) % kinds.length] });
  }
  function fault(id) {
    const rep = current();
    if (!rep) return;
    if (rep.faults.includes(id)) set({ faults: rep.faults.filter((x) => x !== id), maybe: [...rep.maybe, id] });
    else if (rep.maybe.includes(id)) set({ maybe: rep.maybe.filter((x) => x !== id) });
    else set({ faults: [...rep.faults, id] });
  }
  function remove() {
    if (!current()) return;
    reps.splice(at, 1);
    at = Math.min(at, reps.length - 1);
    save();
  }
  function choose(k) {
    if (!reps.length) return;
    at = Math.min(Math.max(k, 0), reps.length - 1);
    show(nearest(current().start_s));
    draw();
  }

  function item(rep, k) {
    const pick = (act) => () => { at = k; act(); };
    const button = (text, act, on, kbd) => el("button", { type: "button", class: on ? "on" : "", on: pick(act) }, kbd ? el("kbd", {}, kbd) : null, text);
    const moment = (name, t) => el("button", { type: "button", class: "link", on: () => { at = k; if (t !== null) show(nearest(t)); draw(); } }, `${name} ${clock(t)}`);
    const sides = blocks().length
      ? blocks().map((b) => button(b, () => set({ block: rep.block === b ? null : b }), rep.block === b))
      : [button("left", () => set({ side: "left" }), rep.side === "left", "l"), button("right", () => set({ side: "right" }), rep.side === "right", "r"), button("no side", () => set({ side: null }), rep.side === null, "o")];
    const chips = faults().map((f, i) => {
      const sure = rep.faults.includes(f.id) ? "certain" : rep.maybe.includes(f.id) ? "possible" : "";
      return el("button", { type: "button", class: sure, "aria-label": `${f.label}: ${sure || "none"}`, on: pick(() => fault(f.id)) }, i < 9 ? el("kbd", {}, String(i + 1)) : null, f.label);
    });
    return el("li", { "aria-current": String(k === at), class: rep.end_s === null ? "" : "said" },
      el("div", { class: "row1" }, el("h3", {}, `Attempt ${k + 1}`), el("span", {}, moment("start", rep.start_s), " ", moment("peak", rep.peak_s), " ", moment("end", rep.end_s))),
      el("div", { class: "choices" }, button(COUNTED.get(rep.counted), count, rep.counted !== true, "x"), ...sides, button("Take out", remove, false)),
      el("div", { class: "choices", role: "group", "aria-label": "Faults" }, ...chips));
  }

  function draw() {
    one("reps").replaceChildren(...reps.map(item));
    one("nothing").hidden = reps.length > 0;
    one("reps").children[at]?.scrollIntoView({ block: "nearest" });
    const share = (t) => `${(100 * t) / length()}%`;
    const spans = reps.map((r, k) => {
      const span = el("div", { class: `span ${r.counted === false ? "no" : r.counted === null ? "unsure" : ""} ${k === at ? "on" : ""}` }, String(k + 1));
      span.style.left = share(r.start_s);
      span.style.width = share((r.end_s ?? r.start_s) - r.start_s);
      return span;
    });
    const peaks = reps.filter((r) => r.peak_s !== null).map((r) => { const p = el("div", { class: "peak" }); p.style.left = share(r.peak_s); return p; });
    one("strip").replaceChildren(...spans, ...peaks, el("div", { class: "head" }));
    place();
  }

  // ---- events ----
  const strip = one("strip");
  const jump = (event) => { const box = strip.getBoundingClientRect(); show(nearest(((event.clientX - box.left) / box.width) * length())); };
  strip.addEventListener("pointerdown", (event) => { strip.setPointerCapture(event.pointerId); jump(event); });
  strip.addEventListener("pointermove", (event) => { if (strip.hasPointerCapture(event.pointerId)) jump(event); });
  one("exercise").append(el("option", { value: "" }, "choose …"), ...data.exercises.map((e) => el("option", { value: e.id }, e.title)));
  one("exercise").value = exercise ?? "";
  one("exercise").addEventListener("change", (event) => { exercise = event.target.value || null; event.target.blur(); save(); });
  one("note").value = data.note ?? "";
  let noted = one("note").value.trim();
  const keepNote = written(one("note"), (text) => {
    if (text === noted) return undefined;
    noted = text;
    return save() ?? true;
  });
  one("note").addEventListener("blur", keepNote);
  document.addEventListener("keydown", (event) => {
    if (typing(event)) { if (event.key === "Escape") event.target.blur(); return; }
    if (!plain(event)) return;
    const step = event.shiftKey ? 10 : 1;
    const chosen = /^[1-9]$/.test(event.key) ? faults()[Number(event.key) - 1] : undefined;
    const acts = {
      ArrowRight: () => show(frame + step), ArrowLeft: () => show(frame - step), Home: () => show(0), End: () => show(times.length - 1),
      ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), " ": play, s: begin, p: () => mark("peak_s"), e: () => mark("end_s"),
      l: () => set({ side: "left" }), r: () => set({ side: "right" }), o: () => set({ side: null }), x: count, Delete: remove,
    };
    const act = chosen ? () => fault(chosen.id) : acts[event.key];
    if (!act || (event.key === " " && event.target.closest("button"))) return;
    event.preventDefault();
    act();
  });

  one("film").textContent = data.film;
  one("by").textContent = data.by;
  one("file").textContent = data.file;
  document.title = `Label ${data.film}`;
  draw();
  show(0);
  told(data.error || (exercise ? "All kept" : "Choose the exercise"), Boolean(data.error));
  document.documentElement.classList.add("ready");
  while (!complete) {
    const more = await ask(`frames/${times.length}`);
    times.push(...more.times);
    complete = more.done;
    if (more.error) told(more.error, true);
    draw();
  }
  document.documentElement.classList.add("complete");
})();
