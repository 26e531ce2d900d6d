/* The machine that the calls are about: how it behaves, its devices, and what these keep. Structures are
   declared by their layout in NVML's ABI; nothing is copied. */

#ifndef MACHINE_H
#define MACHINE_H

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
#define WORN 15

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

struct pci {
  char legacy[16];
  uint domain, bus, device, id, subsystem;
  char bus_id[32];
};

/* Hardware keeps what is set when the process that set it ends: the file that FAKE_NVML_STATE names, if
   it does, with the limits of both devices in milliwatts and their clocks in MHz. */
struct state {
  uint limit[2], least[2], most[2];
};

/* None of this is a part of NVML. */
#pragma GCC visibility push(hidden)

extern struct device devices[2];
extern struct device instances[2];
/* How often the first device was asked, which is once a beat. */
extern u64 beats;

int is_instance(const struct device *device);
struct state load(void);
void save(const struct state *state);
/* What every call to a device answers first. */
int gate(struct device *device);
u64 microseconds(void);

#pragma GCC visibility pop

int nvmlDeviceGetPciInfo_v3(struct device *device, struct pci *to);

#define ASK(device)                \
  do {                             \
    int answer = gate(device);     \
    if (answer != OK) return answer; \
  } while (0)

#endif
