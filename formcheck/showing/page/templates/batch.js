(function () {
  "use strict";
  const PAGE = 200;
  const data = JSON.parse(document.getElementById("data").textContent);
  const clips = data.rows.map(function (row) {
    const clip = {};
    data.fields.forEach(function (name, i) { clip[name] = row[i]; });
    clip.text = (clip.clip + " " + clip.path + " " + (clip.error || "")).toLowerCase();
    return clip;
  });
  const $ = function (id) { return document.getElementById(id); };
  const text = $("text"), exercise = $("exercise"), fault = $("fault"), status = $("status");
  let by = "clip", down = false, page = 0, found = clips;

  function fill(select, values) {
    const times = new Map();
    values.forEach(function (v) { if (v) { times.set(v, (times.get(v) || 0) + 1); } });
    Array.from(times.keys()).sort().forEach(function (v) {
      const option = document.createElement("option");
      option.value = v;
      option.textContent = v + " (" + times.get(v) + ")";
      select.append(option);
    });
  }

  function cell(row, content, kind) {
    const td = document.createElement("td");
    if (kind) { td.className = kind; }
    if (content !== null && content !== undefined) { td.append(content); }
    row.append(td);
    return td;
  }

  function number(value, digits) { return value === null || value === undefined ? "" : value.toFixed(digits); }

  function draw() {
    const rows = $("rows");
    rows.textContent = "";
    found.slice(page * PAGE, (page + 1) * PAGE).forEach(function (c) {
      const row = document.createElement("tr");
      let name = c.clip;
      if (c.link) {
        name = document.createElement("a");
        name.href = c.link;
        name.textContent = c.clip;
      }
      const path = document.createElement("small");
      path.textContent = c.path;
      cell(row, name, "name").append(path);
      const failed = c.status === "failed";
      cell(row, c.exercise || (failed ? "" : "none recognised"));
      cell(row, failed ? "" : c.not_counted ? c.total + " of " + (c.total + c.not_counted) : String(c.total), "n");
      cell(row, number(c.score, 0), "n");
      if (failed) {
        cell(row, c.error, "reason");
      } else {
        const td = cell(row);
        c.faults.forEach(function (f) {
          const chip = document.createElement("span");
          chip.className = "chip";
          chip.textContent = f;
          td.append(chip);
        });
      }
      cell(row, failed ? "" : c.view);
      cell(row, c.judged === null ? "" : Math.round(100 * c.judged) + " %", "n");
      cell(row, number(c.s, 1), "n");
      rows.append(row);
    });
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    $("number").textContent = found.length === 1 ? "1 clip" : found.length + " clips";
    $("page").textContent = "page " + (page + 1) + " of " + pages;
    $("before").disabled = page === 0;
    $("after").disabled = page >= pages - 1;
  }

  function key(c) {
    const v = c[by];
    if (by === "faults") { return c.status === "failed" ? "~" + c.error : v.join(" "); }
    return v;
  }

  function compare(a, b) {
    const x = key(a), y = key(b);
    if (x === y) { return 0; }
    // What is not known comes last, whichever way.
    if (x === null || x === "") { return 1; }
    if (y === null || y === "") { return -1; }
    const order = typeof x === "number" ? x - y : x.localeCompare(y, undefined, { numeric: true });
    return down ? -order : order;
  }

  function choose() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = clips.filter(function (c) {
      const failed = c.status === "failed";
      return (!exercise.value || c.exercise === exercise.value) &&
        (!fault.value || c.faults.indexOf(fault.value) >= 0) &&
        (!status.value || (status.value === "failed" ? failed : !failed && (c.faults.length > 0) === (status.value === "faults"))) &&
        words.every(function (w) { return c.text.indexOf(w) >= 0; });
    }).sort(compare);
    page = 0;
    draw();
  }

  fill(exercise, clips.map(function (c) { return c.exercise; }));
  fill(fault, clips.reduce(function (all, c) { return all.concat(c.faults); }, []));
  text.addEventListener("input", choose);
  [exercise, fault, status].forEach(function (x) { x.addEventListener("change", choose); });
  $("filters").addEventListener("submit", function (e) { e.preventDefault(); });
  $("clear").addEventListener("click", function () { $("filters").reset(); choose(); });
  $("before").addEventListener("click", function () { page -= 1; draw(); });
  $("after").addEventListener("click", function () { page += 1; draw(); });
  document.querySelectorAll("[data-by]").forEach(function (button) {
    button.addEventListener("click", function () {
      down = by === button.dataset.by ? !down : false;
      by = button.dataset.by;
      document.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
      button.closest("th").setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    });
  });
  choose();
})();
