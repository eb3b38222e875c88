(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const { words, pairs, subjects, curves } = data;
  const panes = all(".film");
  const videos = [0, 1].map((k) => panes[k]?.querySelector("video") ?? null);
  const charts = new Map();
  const PERCENT = Array.from({ length: 101 }, (_, i) => i);
  let pair = 0, share = 0, playing = false, slow = false, printing = false;

  const local = (text) => text.replace("-", "\u2212").replace(".", words.decimal);
  const number = (x) => local(String(Number(x.toPrecision(3))));
  const valued = (x, unit) => number(unit === "fraction" ? 100 * x : x) + (words.units[unit] ?? (unit && unit !== "1" && unit !== "0/1" ? ` ${unit}` : ""));
  const shown = (k) => (pairs.length && pairs[pair][k] !== null ? subjects[k].reps[pairs[pair][k]] : null);
  const length = (k) => { const rep = shown(k); return rep ? Math.max(rep.at[1] - rep.at[0], 0.05) : null; };
  const film = (k) => (videos[k] && !videos[k].error && shown(k) ? videos[k] : null);
  const due = (k) => shown(k).at[0] + share * length(k) - subjects[k].offset;

  // ---- one place in one pair of repetitions, shown everywhere ----
  function show() {
    if (one("place")) {
      one("place").value = String(100 * share);
      one("place").setAttribute("aria-valuetext", `${Math.round(100 * share)} %`);
      one("percent").textContent = `${Math.round(100 * share)}\u00a0%`;
    }
    for (const [el, { curve, plot }] of charts) place(el, curve, plot);
  }

  function seek(to) {
    share = Math.min(Math.max(to, 0), 1);
    for (const k of [0, 1]) if (film(k)) film(k).currentTime = Math.max(0, due(k));
    show();
  }

  function turn(to) {
    if (!pairs.length) return;
    stop();
    pair = Math.min(Math.max(to, 0), pairs.length - 1);
    one("pair").textContent = words.pairs[pair];
    one("before").disabled = pair === 0;
    one("after").disabled = pair === pairs.length - 1;
    panes.forEach((pane, k) => {
      pane.querySelector(".now").textContent = shown(k)?.text ?? words.alone;
      pane.classList.toggle("alone", !shown(k));
    });
    for (const { plot, curve } of charts.values()) plot.setData(series(curve));
    seek(0);
  }

  function stop() {
    playing = false;
    for (const v of videos) v?.pause();
    if (one("play")) one("play").textContent = words.play;
  }

  // Both begin and end together: each runs as much faster or slower as its repetition is longer or shorter than the mean.
  function pace() {
    const lengths = [0, 1].map(length).filter((x) => x !== null);
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    for (const k of [0, 1]) if (film(k)) film(k).playbackRate = Math.min(Math.max((length(k) / mean) * (slow ? 0.5 : 1), 0.0625), 16);
  }

  function play() {
    const running = [0, 1].filter((k) => film(k));
    if (!running.length) return;
    if (playing) { stop(); return; }
    if (share >= 0.995) seek(0);
    playing = true;
    one("play").textContent = words.pause;
    pace();
    Promise.all(running.map((k) => film(k).play())).then(() => requestAnimationFrame(follow), stop);
  }

  function follow() {
    if (!playing) return;
    const lead = [0, 1].find((k) => film(k));
    if (lead === undefined) { stop(); return; }
    const at = (film(lead).currentTime + subjects[lead].offset - shown(lead).at[0]) / length(lead);
    share = Math.min(Math.max(at, 0), 1);
    const other = 1 - lead;
    if (film(other) && Math.abs(film(other).currentTime - due(other)) > 0.25 && !film(other).seeking) film(other).currentTime = Math.max(0, due(other));
    show();
    if (at >= 1 || film(lead).ended) { stop(); share = 1; show(); return; }
    requestAnimationFrame(follow);
  }

  if (pairs.length) {
    one("before").addEventListener("click", () => turn(pair - 1));
    one("after").addEventListener("click", () => turn(pair + 1));
    one("place").addEventListener("input", (event) => { stop(); seek(Number(event.target.value) / 100); });
    one("play")?.addEventListener("click", play);
    one("slow")?.addEventListener("click", (event) => {
      slow = !slow;
      event.currentTarget.setAttribute("aria-pressed", String(slow));
      pace();
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, .plot")) return;
      if (event.key === "ArrowRight") turn(pair + 1);
      else if (event.key === "ArrowLeft") turn(pair - 1);
      else if (event.key === " " && !event.target.closest("button, summary, a")) play();
      else return;
      event.preventDefault();
    });
    videos.forEach((v, k) => {
      if (!v) return;
      const lost = () => { v.hidden = true; panes[k].querySelector(".lost").hidden = false; };
      v.addEventListener("error", lost);
      if (v.error) lost();
      v.addEventListener("loadedmetadata", () => { if (!playing) seek(share); });
    });
  }

  // ---- curves ----
  const mine = (curve, k) => (pairs.length && pairs[pair][k] !== null ? curve.each[k][pairs[pair][k]] : PERCENT.map(() => null));
  const series = (curve) => [PERCENT, ...curve.bands.flatMap((b) => [b.most, b.least, b.middle]), mine(curve, 0), mine(curve, 1)];

  function reading(curve, i) {
    return curve.bands.map((b) => (b.middle[i] === null ? words.unmeasured : valued(b.middle[i], curve.unit)));
  }

  function place(el, curve, plot) {
    const x = plot.valToPos(100 * share, "x");
    el.querySelector(".head-line").style.left = `${x}px`;
    const values = reading(curve, Math.round(100 * share));
    el.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    el.setAttribute("aria-valuetext", `${Math.round(100 * share)} %: A ${values[0]}, B ${values[1]}`);
    if (!(plot.cursor.left >= 0)) tell(el, values);
  }

  function tell(el, values) {
    el.previousElementSibling.querySelector(".read").replaceChildren(...values.map((text, k) => {
      const b = document.createElement("b");
      b.textContent = `${"AB"[k]} ${text}`;
      return b;
    }));
  }

  function build(el) {
    const width = printing ? 320 : el.clientWidth;
    if (width < 60) return;
    const curve = curves[Number(el.dataset.curve)];
    const style = getComputedStyle(root);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    charts.get(el)?.plot.destroy();
    const limits = (u) => {
      const { ctx, bbox: b } = u;
      const ratio = u.ctx.canvas.width / u.width;
      ctx.save();
      ctx.strokeStyle = color("limit");
      ctx.lineWidth = 1.25 * ratio;
      ctx.setLineDash([2 * ratio, 4 * ratio]);
      for (const line of curve.lines) {
        const y = u.valToPos(line.value, "y", true);
        ctx.beginPath(); ctx.moveTo(b.left, y); ctx.lineTo(b.left + b.width, y); ctx.stroke();
      }
      ctx.restore();
    };
    const widest = (u, values) => {
      u.ctx.save();
      u.ctx.font = font;
      const w = Math.max(0, ...(values ?? []).map((v) => u.ctx.measureText(v ?? "").width));
      u.ctx.restore();
      return Math.ceil(w) + 14;
    };
    const axis = { stroke: color("soft"), font, grid: { stroke: color("line"), width: 1 }, ticks: { show: false } };
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    const middle = (name, dash) => ({ stroke: color(name), width: 2.5, dash, points: { show: false } });
    const plot = new uPlot({
      width, height: printing ? 130 : 190, padding: [8, 18, 0, 4], legend: { show: false },
      scales: { x: { time: false, range: [0, 100] }, y: { range: [curve.lo, curve.hi] } },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      bands: [{ series: [1, 2], fill: color("a-band") }, { series: [4, 5], fill: color("b-band") }],
      axes: [
        { ...axis, size: 26, incrs: [10, 20, 25, 50], space: 44, values: (u, ticks) => ticks.map((v) => `${v} %`) },
        { ...axis, size: widest, space: 28, values: (u, ticks) => ticks.map((v) => (curve.unit === "deg" || curve.unit === "fraction" ? valued(v, curve.unit) : number(v))) },
      ],
      series: [
        {}, edge, edge, middle("curve"), edge, edge, middle("b", [7, 5]),
        { stroke: color("curve"), width: 1, points: { show: false } },
        { stroke: color("b"), width: 1, points: { show: false } },
      ],
      hooks: {
        draw: [limits],
        setCursor: [(u) => { if (charts.has(el)) tell(el, reading(curve, u.cursor.left >= 0 && u.cursor.idx !== null ? u.cursor.idx : Math.round(100 * share))); }],
      },
    }, series(curve), el);
    const head = document.createElement("div");
    head.className = "head-line";
    plot.over.append(head);
    plot.over.addEventListener("click", (event) => { stop(); seek(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x") / 100); });
    charts.set(el, { curve, plot, width });
    place(el, curve, plot);
  }

  const plots = all(".plot");
  for (const el of plots) {
    el.addEventListener("keydown", (event) => {
      const to = { ArrowRight: share + 0.01, ArrowUp: share + 0.01, ArrowLeft: share - 0.01, ArrowDown: share - 0.01, PageUp: share + 0.1, PageDown: share - 0.1, Home: 0, End: 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      stop();
      seek(to);
    });
  }
  const sized = new ResizeObserver((entries) => {
    if (printing) return;
    for (const { target } of entries) if (charts.get(target)?.width !== target.clientWidth) build(target);
  });
  for (const el of plots) sized.observe(el);
  const rebuild = () => { for (const el of plots) build(el); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", rebuild);

  let opened = [];
  function print(on) {
    if (printing === on) return;
    printing = on;
    root.classList.toggle("printing", on);
    if (on) opened = all("details:not([open])");
    for (const d of opened) d.open = on;
    rebuild();
  }
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  matchMedia("print").addEventListener("change", (event) => print(event.matches));

  turn(0);
  rebuild();
  root.classList.add("ready");
})();
