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
    const asked = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
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
      (data) => { waiting -= 1; if (!waiting) told("All kept"); return data; },
      (error) => { waiting -= 1; told(UNSAVED + (error.message === "Failed to fetch" ? "formcheck no longer runs" : error.message), true); throw error; },
    );
    last = mine.catch(() => {});
    return mine;
  }
  addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

  const clock = (t) => (t === null ? "–" : t < 60 ? `${t.toFixed(2)} s` : `${Math.floor(t / 60)}:${(t % 60).toFixed(2).padStart(5, "0")}`);
  const typing = (event) => event.target.closest("textarea, input, select") !== null;
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);
  return { one, el, ask, keep, told, clock, typing, plain };
})();
