(() => {
  "use strict";
  const { one, data, root } = page;
  const { months } = data;
  const { valued, tick } = page.numbers(data);
  const { drawAll } = page.keep({ build, place: (el, { chart }) => read(el, chart, null), paper: 165 });
  const DAY = 86400;

  const day = (t) => { const d = new Date(1000 * t); return `${d.getUTCDate()} ${months[d.getUTCMonth()]}`; };
  const month = (t) => { const d = new Date(1000 * t); return `${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`; };
  const long = (t) => `${day(t)} ${new Date(1000 * t).getUTCFullYear()}`;

  // What stands beside the title: the last value, or the one under the pointer.
  function read(el, chart, k) {
    const some = chart.v.map((v, i) => (v === null ? -1 : i)).filter((i) => i >= 0);
    const at = k === null ? some[some.length - 1] : k;
    if (at === undefined) return;
    const values = chart.also ? [chart.v[at], chart.also[at]] : [chart.v[at]];
    const text = values.map((v, i) => (v === null ? "–" : valued(v, chart.unit) + (chart.names[i] ? ` ${chart.names[i]}` : ""))).join(", ");
    page.readOf(el).textContent = `${long(chart.t[at])}: ${text}`;
  }

  function build(el, { width, printing }) {
    const chart = data.charts[Number(el.dataset.chart)];
    const { color, axis } = page.look();
    const first = chart.t[0], last = chart.t[chart.t.length - 1];
    const pad = Math.max((last - first) * 0.03, 2 * DAY);
    // Within the band a session differs from the first ones by no more than chance.
    const under = (u) => {
      if (!chart.band) return;
      const { ctx, bbox: b } = u;
      const y = (v) => page.clamp(u.valToPos(v, "y", true), b.top, b.top + b.height);
      ctx.save();
      ctx.fillStyle = color("rep");
      ctx.fillRect(b.left, y(chart.band[1]), b.width, y(chart.band[0]) - y(chart.band[1]));
      ctx.restore();
      page.across(u, chart.band, color("curve-soft"), [2, 2], 0.5);
    };
    const line = (name, w) => ({ stroke: color(name), width: w, spanGaps: true, points: { show: chart.t.length < 100, size: 3 + w, stroke: color(name), fill: color(name) } });
    const plot = new uPlot({
      width, height: printing ? 100 : 150, padding: [8, 22, 0, 0], legend: { show: false },
      scales: { x: { time: false, range: [first - pad, last + pad] }, y: { range: [chart.lo, chart.hi] } },
      cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
      axes: [
        { ...axis, size: 26, space: printing ? 44 : 64, incrs: [1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1456, 2912].map((d) => d * DAY), values: (u, ticks) => ticks.map(last - first > 300 * DAY ? month : day) },
        { ...axis, size: 46, space: printing ? 18 : 28, ...(chart.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] } : {}), values: (u, ticks) => ticks.map((v) => tick(v, chart.unit)) },
      ],
      series: chart.also ? [{}, line("curve-soft", 1.5), line("curve", 2)] : [{}, line("curve", 2)],
      hooks: { drawClear: [under], setCursor: [(u) => read(el, chart, u.cursor.left >= 0 ? u.cursor.idx : null)] },
    }, chart.also ? [chart.t, chart.v, chart.also] : [chart.t, chart.v], el);
    return { chart, plot };
  }

  const calendar = one("calendar");
  calendar.scrollLeft = calendar.scrollWidth;
  drawAll();
  root.classList.add("ready");
})();
