/* What a device tells of itself: how busy, how warm, how much. */

#include "machine.h"

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
      /* What the link of that number counted: on Hopper, and no more on what came after it. */
      case 161: case 162: case 163:
        field->value.as_u64 = field->id == 163 && field->scope == 1 ? 5 : 0;
        if (SCENARIO == WORN || SCENARIO == OLD || SCENARIO == FUTURE) field->answer = NOT_SUPPORTED;
        break;
      /* Kibibytes: a gibibyte each beat on all links together, and nothing on the first of them. */
      case 138: case 139:
        field->value.as_u64 = field->scope == 0xFFFFFFFFu ? beats * 1048576 : 0;
        break;
      default: field->answer = NOT_SUPPORTED;
    }
    if (SCENARIO == GAPS) field->answer = NOT_SUPPORTED;
    /* Rows are remapped since Ampere. */
    if (SCENARIO == WORN && field->id >= 142 && field->id <= 145) field->answer = NOT_SUPPORTED;
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

/* Pages that are out of use, by cause: before Ampere. */
static int retired(struct device *device, int cause, uint *count) {
  ASK(device);
  if (SCENARIO != WORN) return NOT_SUPPORTED;
  uint have = device->index != 0 ? 0 : cause == 0 ? 2 : 1;
  int answer = *count < have ? TOO_SMALL : OK;
  *count = have;
  return answer;
}

int nvmlDeviceGetRetiredPages(struct device *device, int cause, uint *count, u64 *addresses) {
  int answer = retired(device, cause, count);
  for (uint at = 0; answer == OK && at < *count; at++) addresses[at] = 0x1000ull * (at + 1);
  return answer;
}

int nvmlDeviceGetRetiredPages_v2(struct device *device, int cause, uint *count, u64 *addresses,
                                 u64 *times) {
  int answer = nvmlDeviceGetRetiredPages(device, cause, count, addresses);
  for (uint at = 0; answer == OK && at < *count; at++) times[at] = microseconds();
  return answer;
}

int nvmlDeviceGetRetiredPagesPendingStatus(struct device *device, int *to) {
  ASK(device);
  if (SCENARIO != WORN) return NOT_SUPPORTED;
  *to = device->index == 0;
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
