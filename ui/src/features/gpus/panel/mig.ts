/** How a GPU is divided into MIG instances: what of its memory each has. */

import type { GpuInstance } from '$bindings/contract';

const GIB = 2 ** 30;

interface Slice {
  readonly instance: GpuInstance;
  /** The share of the device's memory that its profile names, from 0 to 1. */
  readonly share: number;
}

interface Division {
  readonly slices: readonly Slice[];
  /** What no instance has; `null` where the device's memory is not told, or a profile names none. */
  readonly rest: number | null;
}

/** The memory that a profile such as `1g.10gb`, `1g.5gb+me` or `1c.3g.40gb` names, in bytes; `null` where none. */
export function memoryOf(profile: string): number | null {
  const found = /\.(\d+)gb/.exec(profile);
  return found === null ? null : Number(found[1]) * GIB;
}

/**
 * Lays the instances side by side. Where they lie on the device is not exported, so they stand in the
 * order in which they are told. Profiles round memory up, so what they name may come to more than there is.
 */
export function divisionOf(instances: readonly GpuInstance[], total: number | undefined): Division {
  const sizes = instances.map(({ profile }) => memoryOf(profile));
  const known = sizes.filter((size) => size !== null);
  const named = known.reduce((sum, size) => sum + size, 0);
  const isWhole = total !== undefined && known.length === sizes.length;
  const whole = Math.max(named, total ?? 0);
  return {
    slices: instances.map((instance, at) => {
      const size = sizes[at] ?? null;
      return {
        instance,
        share: size === null || whole === 0 ? 1 / instances.length : size / whole,
      };
    }),
    rest: isWhole ? Math.max(0, 1 - named / whole) : null,
  };
}
