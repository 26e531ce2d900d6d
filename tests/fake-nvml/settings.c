/* What a device can be set to. */

#include "machine.h"

int nvmlDeviceGetEnforcedPowerLimit(struct device *device, uint *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *to = load().limit[device->index];
  return OK;
}

int nvmlDeviceGetPowerManagementLimit(struct device *device, uint *to) {
  return nvmlDeviceGetEnforcedPowerLimit(device, to);
}

int nvmlDeviceGetPowerManagementDefaultLimit(struct device *device, uint *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *to = 700000;
  return OK;
}

int nvmlDeviceGetPowerManagementLimitConstraints(struct device *device, uint *least, uint *most) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *least = 200000;
  *most = 700000;
  return OK;
}

/* Hardware takes steps of 5 W: what is read back is not always what was asked for. A stubborn one can be
   lowered and not raised again. */
int nvmlDeviceSetPowerManagementLimit(struct device *device, uint limit) {
  ASK(device);
  if (SCENARIO == READ_ONLY) return NOT_PERMITTED;
  if (limit < 200000 || limit > 700000) return INVALID_ARGUMENT;
  struct state state = load();
  if (SCENARIO == STUBBORN && limit > state.limit[device->index]) return UNKNOWN;
  state.limit[device->index] = limit / 5000 * 5000;
  save(&state);
  return OK;
}

int nvmlDeviceGetSupportedMemoryClocks(struct device *device, uint *count, uint *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  if (*count < 2) return *count = 2, TOO_SMALL;
  *count = 2;
  to[0] = 2619, to[1] = 1593;
  return OK;
}

int nvmlDeviceGetSupportedGraphicsClocks(struct device *device, uint memory, uint *count, uint *to) {
  ASK(device);
  if (memory != 2619 && memory != 1593) return NOT_FOUND;
  if (*count < 118) return *count = 118, TOO_SMALL;
  *count = 118;
  for (uint at = 0; at < 118; at++) to[at] = 1980 - at * 15;
  return OK;
}

int nvmlDeviceSetGpuLockedClocks(struct device *device, uint least, uint most) {
  ASK(device);
  if (SCENARIO == READ_ONLY) return NOT_PERMITTED;
  if (least > most) return INVALID_ARGUMENT;
  struct state state = load();
  state.least[device->index] = least, state.most[device->index] = most;
  save(&state);
  return OK;
}

int nvmlDeviceResetGpuLockedClocks(struct device *device) {
  ASK(device);
  if (SCENARIO == READ_ONLY) return NOT_PERMITTED;
  struct state state = load();
  state.least[device->index] = state.most[device->index] = 0;
  save(&state);
  return OK;
}
