/* What runs on a device, and what goes wrong there: processes, errors, performance monitoring. */

#include "machine.h"

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
