//! Texts as `amdgpu`, `i915` and `xe` write them.

use std::os::unix::fs::symlink;

use super::*;

/// A machine on which process 42 has one client of the device open.
fn machine(text: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let process = root.path().join("proc/42");
    fs::create_dir_all(process.join("fd")).unwrap();
    fs::create_dir_all(process.join("fdinfo")).unwrap();
    symlink("/dev/dri/renderD128", process.join("fd/5")).unwrap();
    write(root.path(), text);
    root
}

fn write(root: &Path, text: &str) {
    let head = "drm-driver:\tany\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t77\n";
    let file = root.join("proc/42/fdinfo/5");
    fs::write(file, format!("pos:\t0\n{head}{text}")).unwrap();
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + seconds).unwrap()
}

/// What is seen of the device at the second of two looks, a second apart.
fn seen(before: &str, after: &str) -> Seen {
    let root = machine(before);
    let mut clients = Clients::default();
    clients.look(root.path(), &HashSet::new(), at(0));
    write(root.path(), after);
    let mut seen = clients.look(root.path(), &HashSet::new(), at(1));
    seen.remove("0000:03:00.0").unwrap()
}

fn usage(seen: &Seen) -> Usage {
    seen.by_pid[&42]
}

#[test]
fn xe_counts_cycles_beside_those_that_passed() {
    let seen = seen(
        "drm-cycles-ccs:\t1000\ndrm-total-cycles-ccs:\t10000\ndrm-engine-capacity-ccs:\t2\n\
         drm-cycles-vcs:\t0\ndrm-total-cycles-vcs:\t10000\ndrm-total-vram0:\t64 MiB\n\
         drm-shared-vram0:\t0\ndrm-resident-vram0:\t48 MiB\n",
        "drm-cycles-ccs:\t9000\ndrm-total-cycles-ccs:\t20000\ndrm-engine-capacity-ccs:\t2\n\
         drm-cycles-vcs:\t5000\ndrm-total-cycles-vcs:\t20000\ndrm-total-vram0:\t64 MiB\n\
         drm-shared-vram0:\t0\ndrm-resident-vram0:\t48 MiB\n",
    );
    let usage = usage(&seen);
    // 8000 of 10000 cycles, on a class of two engines.
    assert_eq!(usage.busy, Some(0.4));
    assert!(usage.computes && !usage.draws);
    assert_eq!(usage.memory_bytes, Some(48 << 20));
    // What decodes on `vcs` is no engine that draws or computes.
    assert_eq!(
        seen.activity().unwrap().said,
        Said::Value(0.4),
        "{:?}",
        seen.busiest
    );
}

#[test]
fn i915_counts_nanoseconds_over_as_many_engines_as_a_class_has() {
    let seen = seen(
        "drm-engine-render:\t0 ns\ndrm-engine-video:\t0 ns\ndrm-engine-capacity-video:\t2\n",
        "drm-engine-render:\t250000000 ns\ndrm-engine-video:\t1000000000 ns\n\
         drm-engine-capacity-video:\t2\n",
    );
    assert_eq!(usage(&seen).busy, Some(0.25));
    assert!(usage(&seen).draws);
    assert_eq!(seen.activity().unwrap().said, Said::Value(0.25));
}

#[test]
fn what_decodes_and_encodes_is_told_apart_where_the_driver_does() {
    let seen = seen(
        "drm-engine-gfx:\t0 ns\ndrm-engine-dec:\t0 ns\ndrm-engine-enc:\t0 ns\n",
        "drm-engine-gfx:\t0 ns\ndrm-engine-dec:\t500000000 ns\ndrm-engine-enc:\t0 ns\n",
    );
    let pictures: Vec<_> = seen.pictures().map(|one| (one.figure, one.said)).collect();
    assert_eq!(
        pictures,
        [
            (Figure::DecoderUtilization, Said::Value(0.5)),
            (Figure::EncoderUtilization, Said::Value(0.0)),
        ]
    );
    assert_eq!(seen.activity().unwrap().said, Said::Value(0.0));
}

#[test]
fn a_buffer_that_is_shared_is_nobodys_own() {
    let memory = |text: &str| usage(&seen(text, text)).memory_bytes;
    // A window's buffers lie in the compositor's account as well.
    assert_eq!(
        memory(
            "drm-total-vram:\t300 MiB\ndrm-shared-vram:\t40 MiB\ndrm-resident-vram:\t200 MiB\n\
             drm-memory-vram:\t200 MiB\n"
        ),
        Some(160 << 20)
    );
    assert_eq!(memory("drm-memory-vram:\t2048 KiB\n"), Some(2 << 20));
    // A device without memory of its own has the machine's.
    assert_eq!(
        memory("drm-total-system0:\t9 MiB\ndrm-resident-system0:\t7 MiB\n"),
        Some(7 << 20)
    );
    // Unknown is never 0.
    let seen = seen("drm-engine-render:\t1 ns\n", "drm-engine-render:\t1 ns\n");
    let mut known = Processes::at(Path::new("/nowhere"));
    let processes = seen.processes(&mut known);
    assert_eq!(
        processes[0].readings[0].said,
        Said::Absent(Absence::NotTold)
    );
}

#[test]
fn a_counter_that_began_anew_is_no_share() {
    let seen = seen("drm-engine-gfx:\t5000 ns\n", "drm-engine-gfx:\t10 ns\n");
    assert_eq!(usage(&seen).busy, None);
    assert_eq!(seen.activity(), None);
}

#[test]
fn nothing_is_asked_of_a_client_whose_device_sleeps() {
    let root = machine("drm-memory-vram:\t2048 KiB\n");
    let asleep = HashSet::from([PathBuf::from("/dev/dri/renderD128")]);
    let seen = Clients::default().look(root.path(), &asleep, at(0));
    assert_eq!(seen, BTreeMap::new());
}
