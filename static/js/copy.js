// A text that a button copies: [data-copy] holds the <code>, the button, and what is said once it is done.
if (navigator.clipboard) {
  for (const box of document.querySelectorAll("[data-copy]")) {
    const button = box.querySelector("button");
    const copied = box.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      copied.hidden = true;
      try {
        await navigator.clipboard.writeText(box.querySelector("code").textContent.trim());
        copied.hidden = false;
      } catch {
        getSelection().selectAllChildren(box.querySelector("code"));
      }
    });
  }
}
