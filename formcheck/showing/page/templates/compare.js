(() => {
  "use strict";
  const { all, one, data, root, clamp } = page;
  const { words, pairs, subjects, curves } = data;
  const { valued, tick } = page.numbers(words);
  const { charts, plots, drawAll } = page.keep({ build, place, paper: 320, open: true });
  const panes = all(".film");
  const videos = [0, 1].map((k) => panes[k]?.querySelector("video") ?? null);
  const PERCENT = Array.from({ length: 101 }, (_, i) => i);
  let pair = 0, share = 0, playing = false, slow = false;

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
    for (const [el, chart] of charts) place(el, chart);
  }

  function seek(to) {
    share = clamp(to, 0, 1);
    for (const k of [0, 1]) if (film(k)) film(k).currentTime = Math.max(0, due(k));
    show();
  }

  function turn(to) {
    if (!pairs.length) return;
    stop();
    pair = clamp(to, 0, pairs.length - 1);
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
    for (const k of [0, 1]) if (film(k)) film(k).playbackRate = clamp((length(k) / mean) * (slow ? 0.5 : 1), 0.0625, 16);
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
    share = clamp(at, 0, 1);
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
    page.toggled(one("slow"), (on) => { slow = on; pace(); });
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
      page.whenLost(v, () => { v.hidden = true; panes[k].querySelector(".lost").hidden = false; });
      v.addEventListener("loadedmetadata", () => { if (!playing) seek(share); });
    });
  }

  // ---- curves ----
  const mine = (curve, k) => (pairs.length && pairs[pair][k] !== null ? curve.each[k][pairs[pair][k]] : PERCENT.map(() => null));
  const series = (curve) => [PERCENT, ...curve.bands.flatMap((b) => [b.most, b.least, b.middle]), mine(curve, 0), mine(curve, 1)];

  function reading(curve, i) {
    return curve.bands.map((b) => (b.middle[i] === null ? words.unmeasured : valued(b.middle[i], curve.unit)));
  }

  function place(el, { curve, plot }) {
    page.moveHead(el, plot, 100 * share);
    const values = reading(curve, Math.round(100 * share));
    el.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    el.setAttribute("aria-valuetext", `${Math.round(100 * share)} %: A ${values[0]}, B ${values[1]}`);
    if (!(plot.cursor.left >= 0)) tell(el, values);
  }

  function tell(el, values) {
    page.readOf(el).replaceChildren(...values.map((text, k) => {
      const b = document.createElement("b");
      b.textContent = `${"AB"[k]} ${text}`;
      return b;
    }));
  }

  function build(el, { width, printing }) {
    const curve = curves[Number(el.dataset.curve)];
    const { color, axis, widest } = page.look();
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    const middle = (name, dash) => ({ stroke: color(name), width: 2.5, dash, points: { show: false } });
    const plot = new uPlot({
      width, height: printing ? 130 : 190, padding: [8, 18, 0, 4], legend: { show: false },
      scales: { x: { time: false, range: [0, 100] }, y: { range: [curve.lo, curve.hi] } },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      bands: [{ series: [1, 2], fill: color("a-band") }, { series: [4, 5], fill: color("b-band") }],
      axes: [
        { ...axis, size: 26, incrs: [10, 20, 25, 50], space: 44, values: (u, ticks) => ticks.map((v) => `${v} %`) },
        { ...axis, size: widest, space: 28, values: (u, ticks) => ticks.map((v) => tick(v, curve.unit)) },
      ],
      series: [
        {}, edge, edge, middle("curve"), edge, edge, middle("b", [7, 5]),
        { stroke: color("curve"), width: 1, points: { show: false } },
        { stroke: color("b"), width: 1, points: { show: false } },
      ],
      hooks: {
        draw: [(u) => page.across(u, curve.lines.map((line) => line.value), color("limit"), [2, 4])],
        setCursor: [(u) => { if (charts.has(el)) tell(el, reading(curve, u.cursor.left >= 0 && u.cursor.idx !== null ? u.cursor.idx : Math.round(100 * share))); }],
      },
    }, series(curve), el);
    page.addHead(plot);
    plot.over.addEventListener("click", (event) => { stop(); seek(page.pointed(plot, event) / 100); });
    return { curve, plot };
  }

  for (const el of plots) page.slide(el, () => share, 0, 1, (to) => { stop(); seek(to); });
  turn(0);
  drawAll();
  root.classList.add("ready");
})();
