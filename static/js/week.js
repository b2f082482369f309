// The week of a room: draw a stretch with the mouse, move an end of the chosen one with a finger, tap a start and an
// end. Everything ends in the form that asks the server for the same page with these hours.
const form = () => document.querySelector("[data-week-form]");
const clock = (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
const span = (block) => {
  const from = Number(block.className.match(/from-(\d+)/)[1]);
  return [from, from + Number(block.className.match(/lasts-(\d+)/)[1])];
};
const first = () => Number(document.querySelector("[data-week]").dataset.first) * 4;

const ask = (day, from, to) => {
  const { elements } = form();
  elements.jour.value = day.dataset.day;
  elements.de.value = clock(first() + from);
  elements.a.value = clock(first() + to);
  form().requestSubmit();
};

// Where a stretch that grows from `from` may go: no further than the next block that is taken.
const room = (day, from) => {
  let [least, most] = [0, Math.round(day.clientHeight / 10)];
  for (const block of day.querySelectorAll(".block:not(.block--free, .block--chosen)")) {
    const [start, end] = span(block);
    if (end <= from) least = Math.max(least, end);
    else if (start >= from) most = Math.min(most, start);
  }
  return [least, most];
};

const show = (block, from, to) => {
  block.className = `block block--chosen from-${from} lasts-${to - from}`;
};

let drawn = null;

const quarterAt = (day, y) => Math.floor(((y - day.getBoundingClientRect().top) / day.clientHeight) * Math.round(day.clientHeight / 10));

const begin = (event) => {
  const day = event.target.closest?.("[data-day]");
  const block = event.target.closest?.(".block");
  if (!day || event.button || (block && !block.matches(".block--free, .block--chosen"))) return;
  const quarter = quarterAt(day, event.clientY);
  if (block?.matches(".block--chosen")) {
    const [from, to] = span(block);
    const moving = quarter - from < to - quarter ? "from" : "to";
    drawn = { day, block, from, to, moving, anchor: moving === "from" ? to - 1 : from, moved: false };
  } else if (event.pointerType === "mouse") {
    drawn = { day, block: null, from: quarter, to: quarter + 1, moving: "to", anchor: quarter, moved: false };
  }
};

const move = (event) => {
  if (!drawn) return;
  const quarter = quarterAt(drawn.day, event.clientY);
  if (!drawn.moved && quarter === drawn.anchor && !drawn.block) return;
  drawn.moved = true;
  if (!drawn.block) {
    for (const other of document.querySelectorAll(".block--chosen")) other.hidden = true;
    drawn.block = drawn.day.appendChild(document.createElement("li"));
  }
  const [least, most] = room(drawn.day, drawn.anchor);
  drawn.from = Math.max(least, Math.min(drawn.anchor, quarter));
  drawn.to = Math.min(most, Math.max(drawn.anchor, quarter) + 1);
  show(drawn.block, drawn.from, drawn.to);
};

const end = () => {
  if (drawn?.moved) ask(drawn.day, drawn.from, drawn.to);
  // The click that follows the drag must not follow the link below it.
  setTimeout(() => { drawn = null; });
};

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", () => { drawn = null; });
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-week]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-week] .block-link");
  if (!link) return;
  const day = link.closest("[data-day]");
  const chosen = day.querySelector("[data-chosen]");
  if (drawn?.moved) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (!chosen) return;
  // A start stands: this tap is the end. A stretch that is longer than one hour begins anew.
  const [from, to] = span(chosen);
  const [start, stop] = span(link.closest(".block"));
  const [least, most] = room(day, from);
  if (to - from > 4 || start < least || stop > most) return;
  event.preventDefault();
  event.stopPropagation();
  ask(day, Math.min(from, start), Math.max(to, stop));
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-week-from], [data-week-to]")) return;
  const { elements } = form();
  const [from, to] = ["[data-week-from]", "[data-week-to]"].map((name) => document.querySelector(name).value);
  elements.jour.value = form().getAttribute("action").match(/\d{4}-\d\d-\d\d/)[0];
  elements.de.value = from;
  elements.a.value = to;
  form().requestSubmit();
});

// Changing a select shows the price by itself.
const tidy = () => {
  for (const button of document.querySelectorAll("[data-week-see]")) button.hidden = true;
};

tidy();
document.addEventListener("htmx:afterSwap", tidy);
