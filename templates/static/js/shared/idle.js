/* What has time: done bit by bit while the browser has nothing better to do, all of it before a print. */

atlas.FIRST = 250; // milliseconds that belong to what is in view, and to a reader's first click
const LEAST = 8; // milliseconds that have to be left for one more
const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 60)); // not everywhere

/* Do each of `acts`, none before `wait` milliseconds; returns what drops those that are left. */
atlas.inIdleTime = (acts, wait = 0) => {
  const left = [...acts];
  const some = (time) => {
    do left.shift()?.();
    while (left.length && time?.timeRemaining() > LEAST); // several at once: each frame has its price
    if (left.length) idle(some, { timeout: 1000 });
  };
  addEventListener("beforeprint", () => {
    while (left.length) left.shift()();
  });
  if (wait) setTimeout(() => idle(some, { timeout: 1000 }), wait);
  else idle(some, { timeout: 1000 });
  return () => left.splice(0);
};
