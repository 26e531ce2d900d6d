/** The time of the interface: once a second, so that ages move. */

class Clock {
  /** Now, in milliseconds. */
  now = $state(Date.now());

  /** Starts it; returns what stops it. */
  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 1000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
