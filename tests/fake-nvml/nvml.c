/* NVML as a test wants it. Structures are declared by their layout in NVML's ABI; nothing is copied. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEALTHY 1
#define MIG 2
#define HANG 3
#define MISMATCH 4
#define NO_PERMISSION 5
#define NO_DRIVER 6
#define GAPS 7
#define XID 8
#define LOST 9
#define READ_ONLY 10
#define STUBBORN 11
#define FUTURE 12
#define OLD 13
#define SHARED 14

enum {
  OK = 0,
  INVALID_ARGUMENT = 2,
  NOT_SUPPORTED = 3,
  NOT_PERMITTED = 4,
  NOT_FOUND = 6,
  TOO_SMALL = 7,
  NOT_LOADED = 9,
  TIMED_OUT = 10,
  IS_LOST = 15,
  VERSIONS_DIFFER = 18,
  UNKNOWN = 999,
  /* A code that no version of NVML has yet. */
  OF_TOMORROW = 77,
};

typedef unsigned int uint;
typedef unsigned long long u64;

/* A device is known by the address of its entry. */
struct device {
  uint index;
  const char *uuid;
  const char *name;
  const char *bus;
  uint calls;
  uint limit;
};

static struct device devices[2] = {
    {0, "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01", "NVIDIA H100 80GB HBM3", "00000000:17:00.0", 0,
     700000},
    {1, "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a02", "NVIDIA H100 80GB HBM3", "00000000:65:00.0", 0,
     700000},
};
static struct device instances[2] = {
    {0, "MIG-11111111-2222-3333-4444-555555555501", "NVIDIA H100 80GB HBM3 MIG 1g.10gb", "", 0, 0},
    {1, "MIG-11111111-2222-3333-4444-555555555502", "NVIDIA H100 80GB HBM3 MIG 3g.40gb", "", 0, 0},
};
static u64 beats;

#if SCENARIO != OLD
static int is_instance(const struct device *device) {
  return device == &instances[0] || device == &instances[1];
}
#endif

/* Hardware keeps what is set when the process that set it ends: the file that FAKE_NVML_STATE names, if
   it does, with the limits of both devices in milliwatts and their clocks in MHz. */
struct state {
  uint limit[2], least[2], most[2];
};

static struct state load(void) {
  struct state state = {{devices[0].limit, devices[1].limit}, {0, 0}, {0, 0}};
  const char *path = getenv("FAKE_NVML_STATE");
  FILE *file = path ? fopen(path, "r") : 0;
  if (file == 0) return state;
  for (int at = 0; at < 2; at++)
    if (fscanf(file, "%u %u %u", &state.limit[at], &state.least[at], &state.most[at]) != 3) break;
  fclose(file);
  return state;
}

static void save(const struct state *state) {
  const char *path = getenv("FAKE_NVML_STATE");
  for (int at = 0; at < 2; at++) devices[at].limit = state->limit[at];
  FILE *file = path ? fopen(path, "w") : 0;
  if (file == 0) return;
  for (int at = 0; at < 2; at++)
    fprintf(file, "%u %u %u\n", state->limit[at], state->least[at], state->most[at]);
  fclose(file);
}

/* What every call to a device answers first. */
static int gate(struct device *device) {
  if (SCENARIO == LOST && device == &devices[1] && beats > 3) return IS_LOST;
  return OK;
}

#define ASK(device)                \
  do {                             \
    int answer = gate(device);     \
    if (answer != OK) return answer; \
  } while (0)

static u64 microseconds(void) {
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
  return text(to, length, SCENARIO == GAPS ? "NVIDIA GeForce GT 1030" : device->name);
}

struct pci {
  char legacy[16];
  uint domain, bus, device, id, subsystem;
  char bus_id[32];
};

int nvmlDeviceGetPciInfo_v3(struct device *device, struct pci *to) {
  memset(to, 0, sizeof *to);
  strcpy(to->legacy, device->bus + 4);
  strcpy(to->bus_id, device->bus);
  to->id = 0x233010de;
  return OK;
}

struct rates {
  uint gpu, memory;
};

int nvmlDeviceGetUtilizationRates(struct device *device, struct rates *to) {
  if (device == &devices[0]) beats += 1;
  ASK(device);
  if (SCENARIO == MIG) return NOT_SUPPORTED;
  if (SCENARIO == HANG && device == &devices[1] && ++device->calls > 2)
    for (;;) pause();
  to->gpu = device->index == 0 ? 87 + (uint)(beats % 7) : 0;
  to->memory = device->index == 0 ? 41 : 0;
  return OK;
}

/* As drivers before R510 tell it: what they keep is among what is used. */
struct old_memory {
  u64 total, available, used;
};

int nvmlDeviceGetMemoryInfo(struct device *device, struct old_memory *to) {
  ASK(device);
  u64 gib = 1ull << 30;
  to->total = 80 * gib, to->used = 61 * gib + 3 * gib / 4;
  to->available = to->total - to->used;
  return OK;
}

#if SCENARIO != OLD
struct memory {
  uint version;
  u64 total, reserved, available, used;
};

int nvmlDeviceGetMemoryInfo_v2(struct device *device, struct memory *to) {
  if (SCENARIO == MIG && device == &devices[0]) beats += 1;
  ASK(device);
  u64 gib = 1ull << 30;
  to->total = is_instance(device) ? (device->index == 0 ? 10 : 40) * gib : 80 * gib;
  to->reserved = is_instance(device) ? 0 : gib / 2;
  to->used = is_instance(device) ? 3 * gib : device->index == 0 ? 61 * gib + gib / 4 : gib / 8;
  if (SCENARIO == GAPS) to->total = to->used = 0, to->reserved = 0;
  to->available = to->total - to->used - to->reserved;
  return OK;
}
#endif

int nvmlDeviceGetTemperature(struct device *device, int sensor, uint *to) {
  (void)sensor;
  ASK(device);
  if (SCENARIO == FUTURE) return OF_TOMORROW;
  /* A sensor that tells nonsense. */
  *to = SCENARIO == GAPS ? 511 : device->index == 0 ? 64 : 38;
  return OK;
}

int nvmlDeviceGetPowerUsage(struct device *device, uint *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  /* As on laptops, where nvidia-smi says "[Unknown Error]". */
  if (SCENARIO == FUTURE) return UNKNOWN;
  *to = device->index == 0 ? 612000 + (uint)(beats % 5) * 3000 : 71000;
  return OK;
}

int nvmlDeviceGetClockInfo(struct device *device, int kind, uint *to) {
  ASK(device);
  uint clock = device->index == 0 ? 1755 : 345;
  struct state state = load();
  if (state.most[device->index] != 0 && clock > state.most[device->index])
    clock = state.most[device->index];
  *to = kind == 2 ? 2619 : clock;
  return OK;
}

int nvmlDeviceGetMaxClockInfo(struct device *device, int kind, uint *to) {
  ASK(device);
  *to = kind == 2 ? 2619 : 1980;
  return OK;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(struct device *device, u64 *to) {
  ASK(device);
  *to = device->index == 0 ? 0x4 : 0x1;
  /* A reason that nobody knows yet. */
  if (SCENARIO == FUTURE) *to |= 0x8000000000ull;
  return OK;
}

#if SCENARIO != OLD
int nvmlDeviceGetCurrentClocksEventReasons(struct device *device, u64 *to) {
  return nvmlDeviceGetCurrentClocksThrottleReasons(device, to);
}
#endif

int nvmlDeviceGetFanSpeed_v2(struct device *device, uint fan, uint *to) {
  (void)fan;
  (void)to;
  ASK(device);
  return NOT_SUPPORTED;
}

int nvmlDeviceGetEncoderUtilization(struct device *device, uint *to, uint *period) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_PERMITTED;
  *to = 0;
  *period = 167000;
  return OK;
}

int nvmlDeviceGetDecoderUtilization(struct device *device, uint *to, uint *period) {
  return nvmlDeviceGetEncoderUtilization(device, to, period);
}

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

int nvmlDeviceGetTotalEnergyConsumption(struct device *device, u64 *to) {
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *to = 7200000000ull + beats * 612000;
  return OK;
}

int nvmlDeviceGetPcieReplayCounter(struct device *device, uint *to) {
  ASK(device);
  *to = 0;
  return OK;
}

int nvmlDeviceGetPcieThroughput(struct device *device, int counter, uint *to) {
  ASK(device);
  usleep(20000);
  *to = counter == 0 ? 1250000 : 310000;
  return OK;
}

struct field {
  uint id, scope;
  long long timestamp, latency;
  int type, answer;
  union {
    double as_double;
    uint as_uint;
    u64 as_u64;
  } value;
};

int nvmlDeviceGetFieldValues(struct device *device, int count, struct field *fields) {
  ASK(device);
  for (int at = 0; at < count; at++) {
    struct field *field = &fields[at];
    field->timestamp = (long long)microseconds();
    field->latency = 3;
    field->type = 3; /* unsigned long long */
    field->answer = OK;
    switch (field->id) {
      case 82: field->value.as_u64 = device->index == 0 ? 71 : 41; break;
      case 142: field->value.as_u64 = 1; break;
      case 143: case 144: case 145: field->value.as_u64 = 0; break;
      /* Kibibytes: a gibibyte each beat on all links together, and nothing on the first of them. */
      case 138: case 139:
        field->value.as_u64 = field->scope == 0xFFFFFFFFu ? beats * 1048576 : 0;
        break;
      default: field->answer = NOT_SUPPORTED;
    }
    if (SCENARIO == GAPS) field->answer = NOT_SUPPORTED;
    if (SCENARIO == FUTURE && field->id == 82) field->type = 42;
  }
  return OK;
}

int nvmlDeviceGetTotalEccErrors(struct device *device, int kind, int counter, u64 *to) {
  (void)counter;
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  *to = kind == 0 ? 2 : 0;
  return OK;
}

int nvmlDeviceGetCurrPcieLinkGeneration(struct device *device, uint *to) {
  ASK(device);
  *to = 5;
  return OK;
}

int nvmlDeviceGetCurrPcieLinkWidth(struct device *device, uint *to) {
  ASK(device);
  *to = 16;
  return OK;
}

int nvmlDeviceGetPersistenceMode(struct device *device, int *to) {
  ASK(device);
  *to = 1;
  return OK;
}

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

struct process {
  uint pid;
  u64 memory;
  uint gpu_instance, compute_instance;
};

static int processes(uint *count, struct process *to, const struct process *from, uint have) {
  if (*count < have) {
    *count = have;
    return TOO_SMALL;
  }
  *count = have;
  if (have > 0) memcpy(to, from, have * sizeof *to);
  return OK;
}

/* As drivers before R510 list them. */
int nvmlDeviceGetComputeRunningProcesses_v2(struct device *device, uint *count, struct process *to) {
  ASK(device);
  uint none = 0xFFFFFFFFu;
  struct process one = {(uint)getpid(), 1ull << 30, none, none};
  return processes(count, to, &one, device->index == 1 ? 0 : 1);
}

int nvmlDeviceGetGraphicsRunningProcesses_v2(struct device *device, uint *count, struct process *to) {
  ASK(device);
  return processes(count, to, 0, 0);
}

/* Under MPS the server is listed as what computes, and its clients here. */
int nvmlDeviceGetMPSComputeRunningProcesses_v3(struct device *device, uint *count, struct process *to) {
  ASK(device);
  uint none = 0xFFFFFFFFu;
  struct process one = {(uint)getpid(), 4ull << 30, none, none};
  return processes(count, to, &one, SCENARIO == SHARED && device->index == 0 ? 1 : 0);
}

#if SCENARIO != OLD
/* The processes are real: this one and the one that started it, or in place of that the one whose number
   FAKE_NVML_PROCESS has. */
int nvmlDeviceGetComputeRunningProcesses_v3(struct device *device, uint *count, struct process *to) {
  ASK(device);
  uint none = 0xFFFFFFFFu;
  u64 gib = 1ull << 30;
  const char *other = getenv("FAKE_NVML_PROCESS");
  struct process all[2] = {
      {(uint)getpid(), 58 * gib + gib / 2, none, none},
      {other ? (uint)atoi(other) : (uint)getppid(), 2 * gib + gib / 4, none, none},
  };
  if (SCENARIO == MIG) all[0].gpu_instance = 9, all[1].gpu_instance = 2;
  /* Numbers of a machine outside this container. */
  if (SCENARIO == GAPS) all[0].pid = 0x3fffff, all[0].memory = ~0ull;
  if (SCENARIO == SHARED) all[0] = all[1];
  return processes(count, to, all,
                   device->index == 1 ? 0 : SCENARIO == GAPS || SCENARIO == SHARED ? 1 : 2);
}

int nvmlDeviceGetGraphicsRunningProcesses_v3(struct device *device, uint *count, struct process *to) {
  ASK(device);
  return processes(count, to, 0, 0);
}
#endif

struct busy {
  uint pid;
  u64 timestamp;
  uint sm, memory, encoder, decoder;
};

int nvmlDeviceGetProcessUtilization(struct device *device, struct busy *to, uint *count, u64 since) {
  (void)since;
  ASK(device);
  if (SCENARIO == GAPS) return NOT_SUPPORTED;
  if (device->index == 1) return NOT_FOUND;
  if (to == 0 || *count < 1) {
    *count = 1;
    return TOO_SMALL;
  }
  *count = 1;
  memset(to, 0, sizeof *to);
  to->pid = (uint)getpid();
  to->timestamp = microseconds();
  to->sm = 84;
  return OK;
}

/* Events: one XID, once. A set is given up when a device refuses to report into it. */
static struct device *registered;
static int is_told;

int nvmlDeviceGetSupportedEventTypes(struct device *device, u64 *to) {
  ASK(device);
  *to = SCENARIO == GAPS ? 0 : 8;
  return OK;
}

int nvmlEventSetCreate(void **to) {
  *to = &registered;
  return OK;
}

int nvmlEventSetFree(void *set) {
  (void)set;
  registered = 0;
  return OK;
}

int nvmlDeviceRegisterEvents(struct device *device, u64 types, void *set) {
  (void)types;
  (void)set;
  if (SCENARIO == FUTURE && device == &devices[1]) return NOT_SUPPORTED;
  if (registered == 0) registered = device;
  return OK;
}

struct event {
  struct device *device;
  u64 type, data;
  uint gpu_instance, compute_instance;
};

int nvmlEventSetWait_v2(void *set, struct event *to, uint milliseconds) {
  (void)set;
  (void)milliseconds;
  if ((SCENARIO != XID && SCENARIO != FUTURE) || is_told || beats < 1 || registered == 0)
    return TIMED_OUT;
  is_told = 1;
  memset(to, 0, sizeof *to);
  to->device = registered;
  to->type = 8;
  to->data = SCENARIO == FUTURE ? 4242 : 31;
  to->gpu_instance = to->compute_instance = 0xFFFFFFFFu;
  return OK;
}

/* Performance monitoring: a sample is the beat at which it was taken. */
int nvmlGpmSampleAlloc(void **to) {
  static u64 taken;
  *to = &taken;
  return OK;
}

int nvmlGpmSampleFree(void *sample) {
  (void)sample;
  return OK;
}

int nvmlGpmSampleGet(struct device *device, void *sample) {
  (void)sample;
  ASK(device);
  return SCENARIO == GAPS ? NOT_SUPPORTED : OK;
}

int nvmlGpmMigSampleGet(struct device *device, uint instance, void *sample) {
  (void)sample;
  ASK(device);
  return SCENARIO == MIG && instance == 9 ? OK : NOT_SUPPORTED;
}

struct metric {
  uint id;
  int answer;
  double value;
  char *names[3];
};

struct metrics {
  uint version, count;
  void *before, *after;
  struct metric metrics[98];
};

int nvmlGpmMetricsGet(struct metrics *asked) {
  volatile double zero = 0.0;
  for (uint at = 0; at < asked->count && at < 98; at++) {
    struct metric *metric = &asked->metrics[at];
    metric->answer = OK;
    /* As counters that did not move give it. */
    if (SCENARIO == FUTURE) metric->value = 0.0 / zero;
    else metric->value = metric->id == 2 ? 63.5 : metric->id == 1 ? 88.0 : 24.0;
  }
  return OK;
}
