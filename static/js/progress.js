/* What runs elsewhere is looked at again every two seconds, until it is through. Without script a link does it. */

async function look() {
  const shown = document.querySelector("[data-progress]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(shown.id);
      const said = page.getElementById("reprise-state");
      if (fresh) shown.replaceWith(fresh);
      if (said) document.getElementById("reprise-state")?.replaceWith(said);
    }
  } catch {
    // the network is away for a moment: the next look will tell
  }
  setTimeout(look, 2000);
}

setTimeout(look, 2000);
