// What the pages with curves share: their data, numbers in their language, curves that keep up with room, light and
// paper, going along them by pointer and key, and films that may not be there.
"use strict";
const page = (() => {
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const data = JSON.parse(one("page-data").textContent);
  const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);

  // ---- numbers ----
  function numbers({ decimal, units }) {
    const local = (text) => text.replace("-", "\u2212").replace(".", decimal);
    const number = (x) => local(String(Number(x.toPrecision(3))));
    const valued = (x, unit) => number(unit === "fraction" ? 100 * x : x) + (units[unit] ?? (unit && unit !== "1" && unit !== "0/1" ? ` ${unit}` : ""));
    // Along an axis only what is as good as part of the number stands after it.
    const tick = (x, unit) => (unit === "deg" || unit === "fraction" ? valued(x, unit) : number(x));
    return { local, number, valued, tick };
  }

  // ---- curves ----
  // Colours, letters and axes as the page has them now: light or dark, on the screen or on paper.
  function look() {
    const style = getComputedStyle(root);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: color("soft"), font, grid: { stroke: color("line"), width: 1 }, ticks: { show: false } };
    // An axis is as wide as its longest label.
    const widest = (u, values) => {
      u.ctx.save();
      u.ctx.font = font;
      const w = Math.max(0, ...(values ?? []).map((v) => u.ctx.measureText(v ?? "").width));
      u.ctx.restore();
      return Math.ceil(w) + 14;
    };
    return { color, axis, widest };
  }

  // Dashed lines across a curve, one a value.
  function across(u, values, stroke, dash, width = 1.25) {
    const { ctx, bbox: b } = u;
    const ratio = ctx.canvas.width / u.width;
    ctx.save();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width * ratio;
    ctx.setLineDash(dash.map((d) => d * ratio));
    for (const value of values) {
      const y = clamp(u.valToPos(value, "y", true), b.top, b.top + b.height);
      ctx.beginPath();
      ctx.moveTo(b.left, y);
      ctx.lineTo(b.left + b.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  // Build the curves where there is room for them, and anew when that changes, in other light, and for paper.
  //   build(el, { width, printing })  gives { plot, ... }
  //   place(el, chart)                puts what stands on it and beside it in its place, once its axes have theirs
  //   paper                           width on paper
  //   open                            whether all that is folded is open on paper
  //   zoomed                          whether a stretch that was looked at more closely stays
  function keep({ build, place, paper, open = false, zoomed = false }) {
    const charts = new Map();
    const plots = all(".plot");
    let printing = false, opened = [];

    const room = (el) => (printing ? paper : el.clientWidth);
    function draw(el) {
      const width = room(el);
      if (width < 60) return;
      const old = charts.get(el)?.plot;
      const range = old && zoomed && !printing ? { min: old.scales.x.min, max: old.scales.x.max } : null;
      old?.destroy();
      const chart = { ...build(el, { width, printing }), width };
      charts.set(el, chart);
      if (range) chart.plot.setScale("x", range);
      // uPlot lays out its axes when this script has ended.
      queueMicrotask(() => { if (charts.get(el) === chart) place(el, chart); });
    }
    // What is folded away now is built when it is unfolded.
    function drawAll() {
      for (const el of plots) {
        if (room(el) < 60) { charts.get(el)?.plot.destroy(); charts.delete(el); } else draw(el);
      }
    }
    function print(on) {
      if (printing === on) return;
      printing = on;
      root.classList.toggle("printing", on);
      if (on && open) opened = all("details:not([open])");
      for (const d of opened) d.open = on;
      drawAll();
    }
    const sized = new ResizeObserver((entries) => {
      if (printing) return;
      for (const { target } of entries) if (charts.get(target)?.width !== target.clientWidth) draw(target);
    });
    for (const el of plots) sized.observe(el);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    addEventListener("beforeprint", () => print(true));
    addEventListener("afterprint", () => print(false));
    matchMedia("print").addEventListener("change", (event) => print(event.matches));
    return { charts, plots, drawAll };
  }

  // ---- going along a curve ----
  // What stands beside its title.
  const readOf = (el) => el.previousElementSibling.querySelector(".read");

  function addHead(plot) {
    const head = document.createElement("div");
    head.className = "head-line";
    plot.over.append(head);
  }
  function moveHead(el, plot, x) {
    const head = el.querySelector(".head-line");
    const at = plot.valToPos(x, "x");
    head.style.left = `${at}px`;
    head.hidden = at < -0.5 || at > plot.over.clientWidth + 0.5;
  }
  const pointed = (plot, event) => plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");

  // A curve is a slider: arrows go a hundredth of its way, page keys a tenth.
  function slide(el, now, first, last, go) {
    el.addEventListener("keydown", (event) => {
      const at = now(), step = (last - first) / 100;
      const to = { ArrowRight: at + step, ArrowUp: at + step, ArrowLeft: at - step, ArrowDown: at - step, PageUp: at + 10 * step, PageDown: at - 10 * step, Home: first, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    });
  }

  // ---- films ----
  // Told now or later, where a film cannot be played.
  function whenLost(video, tell) {
    video.addEventListener("error", tell);
    if (video.error) tell();
  }
  function toggled(button, act) {
    let on = false;
    button?.addEventListener("click", () => {
      on = !on;
      button.setAttribute("aria-pressed", String(on));
      act(on);
    });
  }

  return { root, all, one, data, clamp, numbers, look, across, keep, readOf, addHead, moveHead, pointed, slide, whenLost, toggled };
})();
