//! What a beat costs Strata itself, over a library that answers at once: two GPUs, two processes.
//!
//! The driver's own share is not in it; the figures of a real one are in `docs/guides/performance.md`.
#![expect(
    clippy::expect_used,
    reason = "a bench that cannot run says why by a panic"
)]

use std::{path::Path, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use nvml_wrapper::Nvml;
use strata_fake_nvml::{Scenario, library};
use strata_gpu::{
    cgroup,
    machine::MachineProbe,
    nvml::{calls::Pending, session::Session},
    process::Processes,
    wire::FromSampler,
};
use strata_ports::clock::SystemClock;

fn beats(criterion: &mut Criterion) {
    let library = library(Scenario::Healthy);
    let nvml = Nvml::builder().lib_path(library.as_os_str()).init();
    let nvml = nvml.expect("the fake library opens");
    let pending = Pending::new(Arc::new(SystemClock));
    let session = Session::open(&nvml, &pending, Processes::at(Path::new("/")));
    let mut session = session.expect("its devices open");
    criterion.bench_function("a beat over two GPUs", |bencher| {
        bencher.iter(|| session.sample());
    });
    let sample = Box::new(session.sample());
    let said = FromSampler::Sample(sample);
    criterion.bench_function("a sample as a line", |bencher| {
        bencher.iter(|| serde_json::to_vec(&said).expect("a sample can be written"));
    });
    let line = serde_json::to_vec(&said).expect("a sample can be written");
    criterion.bench_function("a sample read back", |bencher| {
        bencher.iter(|| serde_json::from_slice::<FromSampler>(&line).expect("it can be read"));
    });
    let mut probe = MachineProbe::open().expect("this machine can be read");
    criterion.bench_function("processors, memory, disks, networks", |bencher| {
        bencher.iter(|| probe.sample(&SystemClock));
    });
    let text = "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c5e2d5f_5b0a_4a4e_9a57_0a4ddbb4f3a1.slice/cri-containerd-4c01db0b339c7dd1f2bb48dbf5d2b1d7c1dbb1c8a7c0fcf1f8a3a6bd2f0e9a11.scope\n";
    criterion.bench_function("a control group's path", |bencher| {
        bencher.iter(|| cgroup::place(std::hint::black_box(text)));
    });
}

criterion_group!(benches, beats);
criterion_main!(benches);
