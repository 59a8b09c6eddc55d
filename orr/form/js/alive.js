// Whether Python still answers. It sends a beat every two seconds to a page that said it is there.

export const GONE_AFTER = 7000;
export const HERE_EVERY = 45000;

export function createAlive({ now, say, visible, changed }) {
  let heard = now();
  let said = -Infinity;
  let was = true;

  const alive = () => now() - heard < GONE_AFTER;

  function tell() {
    said = now();
    say();
  }

  return {
    alive,
    receive() {
      heard = now();
      if (!was) {
        was = true;
        changed(true);
      }
    },
    // Something happened to the line: two seconds are left to prove it alive.
    doubt() {
      heard = Math.min(heard, now() - GONE_AFTER + 2000);
      tell();
    },
    look() {
      if (!visible()) {
        heard = Math.max(heard, now() - GONE_AFTER + 3000); // nobody looks; the silence is not counted
        return;
      }
      if (now() - said >= (alive() && now() - heard < 3500 ? HERE_EVERY : 2500)) tell();
      if (was && !alive()) {
        was = false;
        changed(false);
      }
    },
  };
}
