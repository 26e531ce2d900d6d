/* NVML as a test wants it: the devices, what they are called, and what they keep. */

#include "machine.h"

struct device devices[2] = {
    {0, "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01", "NVIDIA H100 80GB HBM3", "00000000:17:00.0", 0,
     700000},
    {1, "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a02", "NVIDIA H100 80GB HBM3", "00000000:65:00.0", 0,
     700000},
};
struct device instances[2] = {
    {0, "MIG-11111111-2222-3333-4444-555555555501", "NVIDIA H100 80GB HBM3 MIG 1g.10gb", "", 0, 0},
    {1, "MIG-11111111-2222-3333-4444-555555555502", "NVIDIA H100 80GB HBM3 MIG 3g.40gb", "", 0, 0},
};
u64 beats;

int is_instance(const struct device *device) {
  return device == &instances[0] || device == &instances[1];
}

struct state load(void) {
  struct state state = {{devices[0].limit, devices[1].limit}, {0, 0}, {0, 0}};
  const char *path = getenv("FAKE_NVML_STATE");
  FILE *file = path ? fopen(path, "r") : 0;
  if (file == 0) return state;
  for (int at = 0; at < 2; at++)
    if (fscanf(file, "%u %u %u", &state.limit[at], &state.least[at], &state.most[at]) != 3) break;
  fclose(file);
  return state;
}

void save(const struct state *state) {
  const char *path = getenv("FAKE_NVML_STATE");
  for (int at = 0; at < 2; at++) devices[at].limit = state->limit[at];
  FILE *file = path ? fopen(path, "w") : 0;
  if (file == 0) return;
  for (int at = 0; at < 2; at++)
    fprintf(file, "%u %u %u\n", state->limit[at], state->least[at], state->most[at]);
  fclose(file);
}

int gate(struct device *device) {
  if (SCENARIO == LOST && device == &devices[1] && beats > 3) return IS_LOST;
  return OK;
}

u64 microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (u64)now.tv_sec * 1000000 + (u64)now.tv_nsec / 1000;
}

int nvmlInit_v2(void) {
  if (SCENARIO == MISMATCH) return VERSIONS_DIFFER;
  if (SCENARIO == NO_PERMISSION) return NOT_PERMITTED;
  if (SCENARIO == NO_DRIVER) return NOT_LOADED;
  return OK;
}

int nvmlShutdown(void) { return OK; }

static int text(char *to, uint length, const char *from) {
  if (strlen(from) >= length) return TOO_SMALL;
  strcpy(to, from);
  return OK;
}

int nvmlSystemGetDriverVersion(char *to, uint length) { return text(to, length, "580.95.05"); }
int nvmlSystemGetNVMLVersion(char *to, uint length) { return text(to, length, "13.580.95.05"); }
int nvmlSystemGetCudaDriverVersion_v2(int *to) { return *to = 13000, OK; }

int nvmlDeviceGetCount_v2(uint *to) {
  *to = SCENARIO == MIG || SCENARIO == GAPS ? 1 : 2;
  return OK;
}

int nvmlDeviceGetHandleByIndex_v2(uint index, struct device **to) {
  if (index > 1) return INVALID_ARGUMENT;
  *to = &devices[index];
  return OK;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, struct device **to) {
  for (int at = 0; at < 2; at++)
    if (strcmp(devices[at].uuid, uuid) == 0) return *to = &devices[at], OK;
  return NOT_FOUND;
}

int nvmlDeviceGetIndex(struct device *device, uint *to) { return *to = device->index, OK; }

int nvmlDeviceGetUUID(struct device *device, char *to, uint length) {
  return text(to, length, device->uuid);
}

int nvmlDeviceGetName(struct device *device, char *to, uint length) {
  if (SCENARIO == GAPS) return text(to, length, "NVIDIA GeForce GT 1030");
  return text(to, length, SCENARIO == WORN ? "Tesla V100-SXM2-32GB" : device->name);
}

int nvmlDeviceGetPciInfo_v3(struct device *device, struct pci *to) {
  memset(to, 0, sizeof *to);
  strcpy(to->legacy, device->bus + 4);
  strcpy(to->bus_id, device->bus);
  to->id = 0x233010de;
  return OK;
}
