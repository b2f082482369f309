// The week of a room: draw a stretch with the mouse, move an end of the chosen one with a finger, tap a start and an
// end. Everything ends in the form that asks the server for the same page with these hours.
const form = () => document.querySelector("[data-week-form]");
const clock = (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
const span = (block) => {
  const from = Number(block.className.match(/from-(\d+)/)[1]);
  return [from, from + Number(block.className.match(/lasts-(\d+)/)[1])];
};
const first = () => Number(document.querySelector("[data-week]").dataset.first) * 4;

// One question at a time: what is asked while an answer is on its way waits for it, and only the last of it is asked.
let asking = false;
let waiting = null;

const send = (day, from, to) => {
  if (asking) {
    waiting = [day, from, to];
    return;
  }
  const { elements } = form();
  elements.jour.value = day;
  elements.de.value = from;
  elements.a.value = to;
  form().requestSubmit();
};

const ask = (day, from, to) => send(day.dataset.day, clock(first() + from), clock(first() + to));

document.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.elt === form()) asking = true;
});

const answered = () => {
  asking = false;
  if (waiting) send(...waiting);
  waiting = null;
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

// The start and the end, in the page's order.
const selects = () => [...document.querySelectorAll("[data-week-from], [data-week-to]")];

// An end that the new start has overtaken moves along, and the stretch keeps its length.
const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const shown = (select) => minutes((select.querySelector("[selected]") || select.options[0]).value);

const follow = (start, end) => {
  if (minutes(end.value) > minutes(start.value)) return;
  const length = shown(end) > shown(start) ? shown(end) - shown(start) : 60;
  const last = end.options[end.options.length - 1];
  end.value = clock(Math.min(minutes(last.value), minutes(start.value) + length) / 15);
};

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-week-from], [data-week-to]")) return;
  const [start, end] = selects();
  if (event.target === start && end.value) follow(start, end);
  send(form().getAttribute("action").match(/\d{4}-\d\d-\d\d/)[0], start.value, end.value);
});

// What is swapped in answers an earlier choice: the hours chosen since stay in the selects, for the next change to start from.
document.addEventListener("htmx:afterSwap", () => {
  if (waiting) selects().forEach((select, end) => { select.value = waiting[end + 1]; });
});

// A swap has put a new form there; a request that failed leaves the old one.
for (const name of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError"]) document.addEventListener(name, answered);
