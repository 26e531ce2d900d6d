/** Moving the focus over the items of a view with keys. */

type Way = 'next' | 'previous' | 'left' | 'right' | 'up' | 'down';

const items = (root: HTMLElement) =>
  [...root.querySelectorAll<HTMLElement>('[data-item]')].filter(
    (item) => item.offsetParent !== null,
  );

/** Moves the focus; whether there was somewhere to move to. */
export function move(root: HTMLElement, way: Way): boolean {
  const all = items(root);
  const focused = document.activeElement;
  const at = all.findIndex((item) => item === focused);
  if (way === 'next' || way === 'previous') {
    const step = way === 'next' ? 1 : -1;
    const to = at < 0 ? (way === 'next' ? 0 : all.length - 1) : at + step;
    return focus(all[to]);
  }
  if (!(focused instanceof HTMLElement) || !root.contains(focused)) return focus(all[0]);
  // Inside the base every node is a neighbour, not only the one that Tab reaches.
  const nodes = [...root.querySelectorAll<HTMLElement>('[data-node]')];
  return focus(nearest(focused, 'node' in focused.dataset ? [...all, ...nodes] : all, way));
}

/** Focuses the first item of a region. */
export function enter(region: Element | null): boolean {
  return focus(region?.querySelector<HTMLElement>('[data-item]') ?? undefined);
}

function focus(item: HTMLElement | undefined): boolean {
  item?.focus();
  item?.scrollIntoView({ block: 'nearest' });
  return item !== undefined;
}

/** The nearest item on one side: straight ahead counts for more than aside. */
function nearest(from: HTMLElement, all: HTMLElement[], way: Way): HTMLElement | undefined {
  const start = middle(from);
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const item of all) {
    if (item === from) continue;
    const end = middle(item);
    const [ahead, aside] =
      way === 'left' || way === 'right'
        ? [way === 'right' ? end.x - start.x : start.x - end.x, Math.abs(end.y - start.y)]
        : [way === 'down' ? end.y - start.y : start.y - end.y, Math.abs(end.x - start.x)];
    if (ahead < 4) continue;
    const cost = ahead + 3 * aside;
    if (cost < least) {
      least = cost;
      best = item;
    }
  }
  return best;
}

function middle(item: HTMLElement): { x: number; y: number } {
  const rect = item.getBoundingClientRect();
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}
