// What pages do beyond links and forms. Everything here may be missing.
"use strict";

// Times go on while a page is open; `when.rs` counts in the same way.
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

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
  button.title = "Copied";
  setTimeout(() => (button.title = "Copy"), 2000);
});

// A refused form is of another run of the emulator, or of another role: the page says more anew.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.elt.matches("form")) location.reload();
});

// A browser opens six connections to one server and keeps pages it has left: each would hold its
// connection, and the seventh page would wait for good. A page that comes back is old, so it is
// fetched again.
htmx.createEventSource = (address) => {
  const source = new EventSource(address);
  window.addEventListener("pagehide", () => source.close());
  return source;
};
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

document.addEventListener("htmx:afterSettle", offerCopies);
offerCopies();
setInterval(tick, 10000);
