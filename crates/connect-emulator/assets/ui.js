// What pages do beyond links and forms. Everything here may be missing.
"use strict";

// Times go on while a page is open; `when.rs` counts in the same way.
const UNITS = [
  [31557600, "year"], [2629800, "month"], [86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"],
];

function relative(seconds) {
  const span = Math.abs(seconds);
  if (span < 5) return "just now";
  const [size, unit] = UNITS.find(([size]) => span >= size);
  const count = Math.floor(span / size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const text = relative((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

// Ids and texts that can be copied get a button.
function offerCopies() {
  // Only pages of this machine, or of https, may write to the clipboard.
  if (!navigator.clipboard) return;
  for (const text of document.querySelectorAll("[data-copy]:not(:has(+ .copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = "Copy";
    button.setAttribute("aria-label", `Copy ${text.dataset.copy || text.textContent}`);
    button.innerHTML =
      '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#copy"/></svg>';
    text.after(button);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  const said = document.getElementById("said");
  const icon = button.querySelector("use");
  said.textContent = button.title = "Copied";
  icon.setAttribute("href", "/static/icons.svg#check");
  button.dataset.done = "";
  setTimeout(() => {
    button.title = "Copy";
    said.textContent = "";
    icon.setAttribute("href", "/static/icons.svg#copy");
    delete button.dataset.done;
  }, 2000);
});

// The answer to a form that was refused is a page of its own, with all that was sent.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.isError || !detail.requestConfig.elt.matches("form")) return;
  detail.shouldSwap = true;
  detail.target = document.getElementById("main");
  detail.selectOverride = "#main";
  detail.swapOverride = "outerHTML";
});

// Says when nobody answers any more, and takes it back.
function sayLost(isLost) {
  document.getElementById("lost").hidden = !isLost;
}

// A browser opens six connections to one server, for all its tabs and for the pages it has left
// but keeps. If each held one, the seventh page would wait for good: only a page that is seen
// listens. Seen again, it is told at once if there was news, and a page that was left is old.
class News extends EventTarget {
  constructor(address) {
    super();
    this.heed = () => (document.hidden ? this.rest() : this.listen(address));
    document.addEventListener("visibilitychange", this.heed);
    this.heed();
  }
  get readyState() {
    return this.source ? this.source.readyState : EventSource.CONNECTING;
  }
  listen(address) {
    if (this.source) return;
    this.source = new EventSource(address);
    this.source.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    this.source.onopen = (event) => {
      sayLost(false);
      this.onopen(event);
    };
    this.source.onerror = (event) => {
      sayLost(true);
      // Refused for good: whoever listens makes another of us, which takes over.
      if (this.readyState === EventSource.CLOSED) {
        document.removeEventListener("visibilitychange", this.heed);
      }
      this.onerror(event);
    };
  }
  rest() {
    this.source?.close();
    this.source = null;
  }
  close() {
    document.removeEventListener("visibilitychange", this.heed);
    this.rest();
  }
}

// What somebody has typed stays while the page around it is made anew.
Idiomorph.defaults.callbacks.beforeNodeMorphed = (node) => !node.matches?.("[data-typed]");

htmx.createEventSource = (address) => new News(address);
// The log of calls grows at its head. Only what is new is fetched; while somebody reads further down
// it waits under a button, and nothing moves.
const ROWS = 200;

function followCalls(list) {
  const button = document.getElementById("fresh-calls");
  let waiting = [];
  const apply = () => {
    for (const row of waiting.reverse()) {
      const known = document.getElementById(row.id);
      if (known) known.replaceWith(row);
      else list.prepend(row);
    }
    waiting = [];
    button.hidden = true;
    while (list.rows.length > ROWS) list.rows[ROWS].remove();
    if (!list.rows.length) return;
    document.getElementById("no-calls")?.remove();
    list.closest(".scroll").hidden = false;
    tick();
  };
  const look = async () => {
    const top = list.rows[0];
    const after = top ? Number(top.id.replace("calls-", "")) - 1 : 0;
    const answer = await fetch(list.dataset.follow + after).catch(() => null);
    if (!answer?.ok) return;
    const table = document.createElement("tbody");
    table.innerHTML = await answer.text();
    waiting = [...table.rows];
    if (window.scrollY < 40) return apply();
    const count = (row) => Number(row?.dataset.count ?? 0);
    const fresh = waiting.reduce((sum, row) => sum + count(row), 0) - count(top);
    button.hidden = fresh < 1;
    button.textContent = `${fresh} new ${fresh === 1 ? "call" : "calls"} ↑`;
  };
  button.addEventListener("click", () => {
    apply();
    window.scrollTo({ top: 0 });
  });
  window.addEventListener("scroll", () => window.scrollY < 40 && waiting.length && apply());
  const listen = () => {
    const news = new News(list.dataset.live);
    news.onopen = () => {};
    news.onerror = () => news.readyState === EventSource.CLOSED && setTimeout(listen, 5000);
    news.addEventListener("change", look);
  };
  listen();
}

const calls = document.querySelector("#calls[data-follow]");
if (calls) followCalls(calls);

window.addEventListener("pageshow", (event) => event.persisted && location.reload());

document.addEventListener("htmx:afterSettle", offerCopies);
offerCopies();
setInterval(tick, 10000);
