/* What a device is cut into, and what it is joined to: MIG and NVLink. */

#include "machine.h"

int nvmlDeviceGetMigMode(struct device *device, uint *current, uint *pending) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *current = *pending = SCENARIO == MIG;
  return OK;
}

int nvmlDeviceGetMaxMigDeviceCount(struct device *device, uint *to) {
  (void)device;
  *to = SCENARIO == MIG ? 7 : 0;
  return OK;
}

int nvmlDeviceGetMigDeviceHandleByIndex(struct device *device, uint index, struct device **to) {
  (void)device;
  if (index > 1) return NOT_FOUND;
  *to = &instances[index];
  return OK;
}

int nvmlDeviceGetGpuInstanceId(struct device *device, uint *to) {
  *to = device->index == 0 ? 9 : 2;
  return OK;
}

int nvmlDeviceGetComputeInstanceId(struct device *device, uint *to) {
  (void)device;
  *to = 0;
  return OK;
}

int nvmlDeviceGetNvLinkState(struct device *device, uint link, int *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  if (link > 3) return INVALID_ARGUMENT;
  *to = link != 3;
  return OK;
}

int nvmlDeviceGetNvLinkVersion(struct device *device, uint link, uint *to) {
  (void)link;
  ASK(device);
  *to = 4;
  return OK;
}

int nvmlDeviceGetNvLinkRemotePciInfo_v2(struct device *device, uint link, struct pci *to) {
  (void)link;
  ASK(device);
  return nvmlDeviceGetPciInfo_v3(&devices[1 - device->index], to);
}

/* Replays, recoveries, checksum errors of control digits and of data: up to Ampere, and called legacy since;
   later devices tell them as numbered fields. */
int nvmlDeviceGetNvLinkErrorCounter(struct device *device, uint link, int counter, u64 *to) {
  ASK(device);
  if (SCENARIO != WORN && SCENARIO != OLD) return NOT_SUPPORTED;
  if (link > 3 || counter > 3) return INVALID_ARGUMENT;
  static const u64 worn[4] = {12, 3, 41, 0};
  *to = SCENARIO == WORN && device->index == 0 && link == 2 ? worn[counter] : 0;
  return OK;
}
