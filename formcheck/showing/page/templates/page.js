(() => {
  "use strict";
  const { all, one, data, root } = page;
  const { words } = data;
  const { local, valued, tick } = page.numbers(words);
  const video = one("video");
  const { charts, plots, drawAll } = page.keep({ build, place, paper: 320, open: true, zoomed: true });
  let now = data.first;

  const clock = (t) => local(data.last < 60 ? `${t.toFixed(1)} s` : `${Math.floor(t / 60)}:${(t % 60).toFixed(1).padStart(4, "0")}`);
  const within = (span, t) => t >= span[0] && t <= span[1];

  function nearest(times, t) {
    let lo = 0, hi = times.length - 1;
    while (hi - lo > 1) {
      const mid = (lo + hi) >> 1;
      if (times[mid] <= t) lo = mid; else hi = mid;
    }
    return t - times[lo] <= times[hi] - t ? lo : hi;
  }

  function reading(curve, t) {
    const k = nearest(curve.t, t);
    if (curve.v[k] === null) return words.unmeasured;
    return curve.on[k] ? valued(curve.v[k], curve.unit) : words.unjudged;
  }

  // ---- one moment, shown everywhere ----
  const heads = all(".lanes .head-line");
  const blocks = all(".block[data-seek]").map((el) => ({ el, at: [Number(el.dataset.seek), Number(el.dataset.to)] }));
  const rows = all("[data-rep]").map((el) => ({ el, at: data.reps[Number(el.dataset.rep)].at }));

  function show(t) {
    now = page.clamp(t, data.first, data.last);
    const share = (now - data.first) / (data.last - data.first);
    for (const head of heads) {
      head.style.left = `${100 * share}%`;
      const pane = head.closest(".scroll");
      const x = head.offsetLeft + head.parentElement.offsetLeft;
      const name = head.parentElement.offsetLeft;
      if (pane.scrollWidth > pane.clientWidth && (x < pane.scrollLeft + name || x > pane.scrollLeft + pane.clientWidth)) pane.scrollLeft = x - name - 20;
    }
    for (const { el, at } of [...blocks, ...rows]) el.classList.toggle("on", within(at, now));
    for (const [el, chart] of charts) place(el, chart);
    if (one("clock")) one("clock").textContent = clock(now);
    if (one("now")) {
      const rep = data.reps.find((r) => within(r.at, now));
      const faults = data.faults.filter((f) => within(f.at, now));
      const b = document.createElement("b");
      b.textContent = faults.map((f) => f.label).join(", ");
      const rest = faults.length ? `: ${faults[0].cue}` : rep ? rep.text : "";
      one("now").replaceChildren(b, rest);
    }
  }

  function seek(t, reveal = true) {
    show(t);
    if (!video || video.error) return;
    video.currentTime = Math.max(0, now - data.offset);
    if (!reveal) return;
    const box = video.getBoundingClientRect();
    if (box.bottom < 80 || box.top > window.innerHeight - 80) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      video.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-seek]");
    if (button) seek(Number(button.dataset.seek));
  });

  if (video) {
    const follow = () => {
      show(video.currentTime + data.offset);
      if (!video.paused && !video.ended) requestAnimationFrame(follow);
    };
    for (const name of ["play", "seeked", "timeupdate", "loadedmetadata"]) {
      video.addEventListener(name, () => { if (video.paused || name === "play") follow(); });
    }
    page.whenLost(video, () => { one("lost").hidden = false; });
    page.toggled(one("slow"), (on) => { video.playbackRate = on ? 0.5 : 1; });
    one("before")?.addEventListener("click", () => {
      const earlier = data.reps.filter((r) => r.at[0] < now - 0.5);
      seek(earlier.length ? earlier[earlier.length - 1].at[0] : data.first);
    });
    one("after")?.addEventListener("click", () => {
      const later = data.reps.find((r) => r.at[0] > now + 0.05);
      if (later) seek(later.at[0]);
    });
  }

  // ---- a lane is one stop of the tab key; arrow keys go along it ----
  for (const lane of all("[role=toolbar]")) {
    const items = all("button", lane);
    lane.addEventListener("keydown", (event) => {
      const k = items.indexOf(event.target);
      const to = { ArrowRight: k + 1, ArrowLeft: k - 1, Home: 0, End: items.length - 1 }[event.key];
      if (k < 0 || to === undefined || !items[to]) return;
      event.preventDefault();
      items[k].tabIndex = -1;
      items[to].tabIndex = 0;
      items[to].focus();
    });
  }

  // ---- curves ----
  function place(el, { curve, plot }) {
    page.moveHead(el, plot, now);
    el.setAttribute("aria-valuenow", now.toFixed(2));
    el.setAttribute("aria-valuetext", `${clock(now)}: ${reading(curve, now)}`);
    if (!(plot.cursor.left >= 0)) page.readOf(el).textContent = reading(curve, now);
  }

  function build(el, { width, printing }) {
    const curve = data.curves[Number(el.dataset.curve)];
    const { color, axis, widest } = page.look();
    const decides = curve.v.map((v, i) => (curve.on[i] ? v : null));
    const alone = (u, series) => {
      const v = u.data[series], out = [];
      for (let i = 0; i < v.length; i++) if (v[i] !== null && v[i - 1] == null && v[i + 1] == null) out.push(i);
      return out;
    };
    const lone = (stroke) => ({ show: true, size: 3, stroke, fill: stroke, filter: alone });
    // Zoomed out, all curves and the timeline share one range, wherever their own data begin and end.
    const range = (u, lo, hi) => (lo === null || hi - lo < 0.2 || (lo <= curve.t[0] && hi >= curve.t[curve.t.length - 1])
      ? [data.first, data.last] : [Math.max(lo, data.first), Math.min(hi, data.last)]);

    function under(u) {
      const { ctx, bbox: b } = u;
      const x = (t) => page.clamp(u.valToPos(t, "x", true), b.left, b.left + b.width);
      const y = (v) => page.clamp(u.valToPos(v, "y", true), b.top, b.top + b.height);
      const box = (fill, x0, y0, x1, y1) => { ctx.fillStyle = fill; ctx.fillRect(x0, y0, x1 - x0, y1 - y0); };
      ctx.save();
      for (const r of data.reps) box(color("rep"), x(r.at[0]), b.top, x(r.at[1]), b.top + b.height);
      for (const g of curve.gaps) box(color("gap"), x(g[0]), b.top, x(g[1]), b.top + b.height);
      const edge = { above: Math.min(...curve.lines.filter((l) => l.sense === "above").map((l) => l.value)), below: Math.max(...curve.lines.filter((l) => l.sense === "below").map((l) => l.value)) };
      if (Number.isFinite(edge.above)) box(color("zone"), b.left, b.top, b.left + b.width, y(edge.above));
      if (Number.isFinite(edge.below)) box(color("zone"), b.left, y(edge.below), b.left + b.width, b.top + b.height);
      ctx.restore();
    }

    function over(u) {
      page.across(u, curve.lines.map((line) => line.value), color("limit"), [5, 4]);
      label(u);
    }

    // The limits' values stand at their lines, where there is room; what they are of stands over the curve.
    function label(u) {
      for (const old of u.over.querySelectorAll(".limit")) old.remove();
      const { clientWidth: w, clientHeight: h } = u.over;
      const taken = [];
      for (const line of [...curve.lines].sort((p, q) => p.value - q.value)) {
        const text = `${line.sense === "above" ? ">" : "<"} ${valued(line.value, curve.unit)}`;
        if (taken.some((t) => t.text === text)) continue;
        const el = document.createElement("span");
        el.className = "limit";
        el.textContent = text;
        u.over.append(el);
        const y = u.valToPos(line.value, "y"), across = el.offsetWidth, down = el.offsetHeight;
        const above = y - down - 1, below = y + 1;
        const spots = [w - across - 3, 3, (w - across) / 2].flatMap((x) => (line.sense === "above" ? [above, below] : [below, above]).map((top) => ({ x, top })));
        const fits = ({ x, top }) => top >= 0 && top + down <= h && !taken.some((t) => x < t.x + t.w && t.x < x + across && top < t.top + t.h && t.top < top + down);
        const spot = spots.find(fits);
        if (!spot) { el.remove(); continue; }
        el.style.left = `${spot.x}px`;
        el.style.top = `${spot.top}px`;
        taken.push({ text, x: spot.x, top: spot.top, w: across, h: down });
      }
    }

    const long = data.last >= 60;
    const plot = new uPlot({
      width, height: printing ? 130 : 160,
      padding: [8, 18, 0, 4],
      legend: { show: false },
      scales: { x: { time: false, range }, y: { range: [curve.lo, curve.hi] } },
      cursor: { y: false, points: { size: 7 }, sync: { key: "time", setSeries: false, scales: ["x", null] }, drag: { x: true, y: false, dist: 8, setScale: true } },
      axes: [
        { ...axis, size: 26, space: 50, values: (u, ticks) => ticks.map((t) => (long ? `${Math.floor(t / 60)}:${String(Math.round(t % 60)).padStart(2, "0")}` : local(`${Number(t.toFixed(2))} s`))) },
        { ...axis, size: widest, space: 28, values: (u, ticks) => ticks.map((v) => tick(v, curve.unit)) },
      ],
      series: [
        {},
        { stroke: color("curve-soft"), width: 1, points: lone(color("curve-soft")) },
        { stroke: color("curve"), width: 2, points: lone(color("curve")) },
      ],
      hooks: {
        drawClear: [under],
        draw: [over],
        setScale: [(u, key) => { if (key === "x" && charts.get(el)?.plot === u) place(el, charts.get(el)); }],
        setCursor: [(u) => {
          page.readOf(el).textContent = u.cursor.left >= 0 && u.cursor.idx !== null ? `${clock(u.data[0][u.cursor.idx])}: ${reading(curve, u.data[0][u.cursor.idx])}` : reading(curve, now);
        }],
      },
    }, [curve.t, curve.v, decides], el);
    page.addHead(plot);
    let down = null;
    plot.over.addEventListener("mousedown", (event) => { down = event.clientX; });
    plot.over.addEventListener("click", (event) => {
      if (down !== null && Math.abs(event.clientX - down) > 4) return;
      const t = page.pointed(plot, event);
      const k = nearest(curve.t, t);
      const step = (data.last - data.first) / 100;
      seek(Math.abs(curve.t[k] - t) < step ? curve.t[k] : t);
    });
    return { curve, plot };
  }

  for (const el of plots) page.slide(el, () => now, data.first, data.last, (t) => seek(t, false));
  show(now);
  drawAll();
  root.classList.add("ready");
})();
