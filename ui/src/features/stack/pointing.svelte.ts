/** What the pointer rests on. A path is asked for only where it rests a moment. */

const REST = 150;

export class Pointing {
  subject = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  over(subject: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.subject = subject), REST);
  }

  out(): void {
    clearTimeout(this.#timer);
    this.subject = '';
  }
}
