// What both desks share: asking the server, making elements, saying whether all is kept.
"use strict";
const desk = (() => {
  const one = (id) => document.getElementById(id);
  const UNSAVED = "Not kept: ";
  let waiting = 0;

  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") node.addEventListener("click", value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((c) => c !== null && c !== undefined));
    return node;
  }

  function told(text, wrong = false) {
    one("saved").textContent = text;
    one("saved").classList.toggle("wrong", wrong);
  }

  async function ask(path, body) {
    const text = JSON.stringify(body);
    // A small message gets there though the page goes; browsers allow 64 kB of them.
    const asked = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: text, keepalive: text.length < 16000 };
    const answer = await fetch(path, asked);
    const data = await answer.json().catch(() => ({ error: answer.statusText }));
    if (!answer.ok) throw new Error(data.error ?? answer.statusText);
    return data;
  }

  // Changes go one after the other, each whole, in the order they were made.
  let last = Promise.resolve();
  function keep(path, body) {
    waiting += 1;
    told("Keeping …");
    const mine = last.then(() => ask(path, body)).then(
      (data) => { waiting -= 1; settled(); return data; },
      (error) => { waiting -= 1; told(UNSAVED + (error.message === "Failed to fetch" ? "formcheck no longer runs" : error.message), true); throw error; },
    );
    last = mine.catch(() => {});
    return mine;
  }
  function settled() {
    if (!waiting) told(unkept.size ? "Not kept yet …" : "All kept");
  }

  // What is written is kept a moment after the last key, and when the page goes.
  const PAUSE_MS = 600;
  const unkept = new Set();
  function written(area, save) {
    let timer;
    const now = () => {
      clearTimeout(timer);
      const changed = unkept.delete(now);
      if (save(area.value.trim()) === undefined && changed) settled();
    };
    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(now, PAUSE_MS);
      unkept.add(now);
      told("Not kept yet …");
    });
    return now;
  }
  function flush() {
    for (const now of [...unkept]) now();
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pagehide", flush);
  addEventListener("beforeunload", (event) => { flush(); if (waiting) event.preventDefault(); });

  const clock = (t) => (t === null ? "–" : t < 60 ? `${t.toFixed(2)} s` : `${Math.floor(t / 60)}:${(t % 60).toFixed(2).padStart(5, "0")}`);
  const typing = (event) => event.target.closest("textarea, input, select") !== null;
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);
  return { one, el, ask, keep, told, written, flush, clock, typing, plain };
})();
