/* What has time: done bit by bit while the browser has nothing better to do, all of it before a print. */

const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 60)); // not everywhere

/* Do each of `acts`; returns what drops those that are left. */
atlas.inIdleTime = (acts) => {
  const left = [...acts];
  const one = () => {
    left.shift()?.();
    if (left.length) idle(one, { timeout: 1000 });
  };
  addEventListener("beforeprint", () => {
    while (left.length) left.shift()();
  });
  idle(one, { timeout: 1000 });
  return () => left.splice(0);
};
