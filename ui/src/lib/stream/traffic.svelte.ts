/** How much the engine has said to this page: for the status line. */

class Traffic {
  /** Frames over all subscriptions. */
  frames = $state(0);
  /** When the last one came, in milliseconds; 0 before the first. */
  lastAt = $state(0);

  count(at: number): void {
    this.frames += 1;
    this.lastAt = at;
  }
}

export const traffic = new Traffic();
