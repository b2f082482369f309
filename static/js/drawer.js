/* What notes and coins make, while they are typed; without script the server says it. */

function show(form) {
  const cents = [...form.querySelectorAll("[data-cents]")]
    .reduce((sum, field) => sum + Number(field.dataset.cents) * (Number.parseInt(field.value, 10) || 0), 0);
  const line = form.querySelector("[data-drawer-sum]");
  line.hidden = cents === 0;
  const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  line.querySelector("output").textContent = euros.format(cents / 100);
}

document.querySelectorAll("[data-drawer]").forEach((form) => {
  form.addEventListener("input", () => show(form));
  show(form);
});
