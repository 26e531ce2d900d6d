/** What each figure means: its definition, since when it counts, and of errors what is to be done. */

import type { Figure } from '$bindings/contract';

export const figures = {
  utilization:
    'share of time in which any kernel ran, were it on one multiprocessor alone: 100 % may be little work',
  engine_active: 'share of time in which the graphics or compute engine was active',
  sm_active: 'share of cycles in which a multiprocessor had a warp, mean of all multiprocessors',
  ai_core_utilization:
    'share of cycles in which the AI Cores of an NPU worked, mean of all of them; comparable with no other',
  sm_occupancy: 'resident warps of what the multiprocessors can hold',
  tensor_active: 'share of cycles in which the tensor cores worked',
  dram_active: 'share of cycles in which the memory interface moved data',
  memory_utilization:
    'share of time in which device memory was read or written; not how full it is',
  encoder_utilization: 'share of time in which the video encoder worked',
  decoder_utilization: 'share of time in which the video decoder worked',
  memory_used: 'device memory in use, the driver’s own reserve left out',
  memory_free: 'device memory that is free',
  memory_reserved: 'device memory that the driver keeps for itself',
  memory_total: 'device memory in all',
  temperature: 'temperature of the chip',
  memory_temperature: 'temperature of the memory',
  power: 'power drawn',
  power_limit: 'the limit that power is held to: clocks go down before it is passed',
  energy: 'energy drawn since the driver was loaded',
  sm_clock: 'clock of the multiprocessors',
  memory_clock: 'clock of the memory',
  clocks_event_reasons: 'why clocks are lower than they could be, as NVML’s bits; in words below',
  thermal_violation:
    'time lost to heat since the driver was loaded: cooling is short where it grows',
  power_violation: 'time lost to the power limit since the driver was loaded',
  last_xid:
    'the last error that the driver reported since it was loaded; it stays when the GPU has recovered',
  error_code: 'the last error code of the device; 0 for none',
  health: 'whether the exporter takes the device for well',
  ecc_corrected:
    'memory errors corrected since the driver was loaded: nothing was lost; watch whether they grow',
  ecc_uncorrected:
    'memory errors that could not be corrected since the driver was loaded: what ran was ended; reset the GPU',
  rows_remapped_corrected: 'rows of memory replaced by spare ones after corrected errors',
  rows_remapped_uncorrected:
    'rows of memory replaced by spare ones after uncorrected errors: a bank has few, then the card is to be replaced',
  row_remap_failure: 'a row found no spare one: have the card replaced',
  row_remap_pending: 'a row waits to be remapped: drain the node and reset the GPU',
  pcie_tx: 'data sent over PCIe',
  pcie_rx: 'data received over PCIe',
  pcie_replays:
    'packets that PCIe had to send again since the driver was loaded: seat or riser where it grows',
  nvlink_tx: 'data sent over NVLink, all links together',
  nvlink_rx: 'data received over NVLink, all links together',
  fan_speed: 'speed of the fan, of its highest',
  pcie_generation: 'the generation at which the link runs now; it goes down at rest',
  pcie_width: 'the lanes over which the link runs now',
  cpu_utilization: 'share of time in which the machine’s processors worked',
  host_memory_used: 'memory that is not available to a program that starts',
  host_memory_total: 'the machine’s memory in all',
  swap_used: 'memory that was moved to disk',
  disk_used: 'room in use on the disk',
  disk_total: 'room on the disk in all',
  disk_read: 'data read from disks',
  disk_written: 'data written to disks',
  network_received: 'data received from networks',
  network_sent: 'data sent to networks',
} satisfies Record<Figure, string>;

export type FigureDefinitions = Record<Figure, string>;
