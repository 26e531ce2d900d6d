/** The words about the errors of this machine's devices. */

export const deviceErrors = {
  title: 'Errors that the driver reported',
  none: 'None since Strata started watching.',
  noneSince: (moment: string) => `None since ${moment}, by the kernel’s log.`,
  knownSince: (moment: string) => `All since ${moment}, by the kernel’s log.`,
  past: 'before Strata was watching',
  earlier: (span: string) => `or up to ${span} earlier, since the machine slept after it`,
};

export type DeviceErrorWords = typeof deviceErrors;
