(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const root = document.documentElement;
  const charts = new Map();
  const UNITS = data.units;
  const MONTHS = data.months;
  const DAY = 86400;
  let printing = false;

  const number = (x) => String(Number(x.toPrecision(3))).replace("-", "\u2212").replace(".", data.decimal);
  const day = (t) => { const d = new Date(1000 * t); return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`; };
  const month = (t) => { const d = new Date(1000 * t); return `${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`; };
  const long = (t) => `${day(t)} ${new Date(1000 * t).getUTCFullYear()}`;

  // What stands beside the title: the last value, or the one under the pointer.
  function read(el, chart, k) {
    const some = chart.v.map((v, i) => (v === null ? -1 : i)).filter((i) => i >= 0);
    const at = k === null ? some[some.length - 1] : k;
    if (at === undefined) return;
    const values = chart.also ? [chart.v[at], chart.also[at]] : [chart.v[at]];
    const text = values.map((v, i) => (v === null ? "–" : number(v) + (UNITS[chart.unit] ?? "") + (chart.names[i] ? ` ${chart.names[i]}` : ""))).join(", ");
    el.previousElementSibling.querySelector(".read").textContent = `${long(chart.t[at])}: ${text}`;
  }

  function build(el) {
    const width = printing ? 165 : el.clientWidth;
    if (width < 60) return;
    const chart = data.charts[Number(el.dataset.chart)];
    const style = getComputedStyle(root);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const first = chart.t[0], last = chart.t[chart.t.length - 1];
    const pad = Math.max((last - first) * 0.03, 2 * DAY);
    const axis = { stroke: color("soft"), font, grid: { stroke: color("line"), width: 1 }, ticks: { show: false } };
    // Within the band a session differs from the first ones by no more than chance.
    const under = (u) => {
      if (!chart.band) return;
      const { ctx, bbox: b } = u;
      const y = (v) => Math.min(Math.max(u.valToPos(v, "y", true), b.top), b.top + b.height);
      ctx.save();
      ctx.fillStyle = color("rep");
      ctx.fillRect(b.left, y(chart.band[1]), b.width, y(chart.band[0]) - y(chart.band[1]));
      ctx.strokeStyle = color("curve-soft");
      ctx.setLineDash([4, 4]);
      for (const edge of chart.band) { ctx.beginPath(); ctx.moveTo(b.left, y(edge)); ctx.lineTo(b.left + b.width, y(edge)); ctx.stroke(); }
      ctx.restore();
    };
    const line = (name, w) => ({ stroke: color(name), width: w, spanGaps: true, points: { show: chart.t.length < 100, size: 3 + w, stroke: color(name), fill: color(name) } });
    charts.get(el)?.plot.destroy();
    const plot = new uPlot({
      width, height: printing ? 100 : 150, padding: [8, 22, 0, 0], legend: { show: false },
      scales: { x: { time: false, range: [first - pad, last + pad] }, y: { range: [chart.lo, chart.hi] } },
      cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
      axes: [
        { ...axis, size: 26, space: printing ? 44 : 64, incrs: [1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1456, 2912].map((d) => d * DAY), values: (u, ticks) => ticks.map(last - first > 300 * DAY ? month : day) },
        { ...axis, size: 46, space: printing ? 18 : 28, ...(chart.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] } : {}), values: (u, ticks) => ticks.map((v) => number(v) + (chart.unit === "deg" ? "°" : "")) },
      ],
      series: chart.also ? [{}, line("curve-soft", 1.5), line("curve", 2)] : [{}, line("curve", 2)],
      hooks: { drawClear: [under], setCursor: [(u) => read(el, chart, u.cursor.left >= 0 ? u.cursor.idx : null)] },
    }, chart.also ? [chart.t, chart.v, chart.also] : [chart.t, chart.v], el);
    charts.set(el, { plot, width });
    read(el, chart, null);
  }

  const plots = [...document.querySelectorAll(".plot")];
  const sized = new ResizeObserver((entries) => {
    if (printing) return;
    for (const { target } of entries) if (charts.get(target)?.width !== target.clientWidth) build(target);
  });
  for (const el of plots) sized.observe(el);
  const rebuild = () => { for (const el of plots) build(el); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", rebuild);

  function print(on) {
    if (printing === on) return;
    printing = on;
    root.classList.toggle("printing", on);
    rebuild();
  }
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  matchMedia("print").addEventListener("change", (event) => print(event.matches));

  const calendar = document.getElementById("calendar");
  calendar.scrollLeft = calendar.scrollWidth;
  rebuild();
  root.classList.add("ready");
})();
