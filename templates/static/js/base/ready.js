/* Scripts are loaded in <head>, where only the document element exists: what a page starts waits for the
   rest of it, and `data-ready` says when all of it is done. */

document.addEventListener("DOMContentLoaded", async () => {
  const outcomes = await Promise.allSettled(atlas.pages.map(async (start) => start()));
  document.body.dataset.ready = "1";
  for (const { reason } of outcomes.filter((outcome) => outcome.status === "rejected")) {
    console.error(reason);
  }
});
