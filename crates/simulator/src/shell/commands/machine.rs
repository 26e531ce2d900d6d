//! Commands that tell of the machine: who and where one is, what it has, what runs.

use super::{
    super::{Outcome, files, inside::Inside},
    joined,
};
use crate::{json, program::Program};

/// What tells of the machine.
pub(super) fn about(inside: &Inside, name: &str, arguments: &[&str]) -> Outcome {
    let (user, id) = inside.user();
    Outcome::of(match name {
        "hostname" if arguments.first() == Some(&"-i") => {
            format!("{}\n", json::text(&inside.pod, "/status/podIP"))
        }
        "hostname" => format!("{}\n", inside.hostname()),
        "whoami" => format!("{user}\n"),
        "id" => format!("uid={id}({user}) gid={id}({user}) groups={id}({user})\n"),
        "uname" if arguments.first() == Some(&"-a") => format!(
            "Linux {} 6.14.0-33-generic #33~24.04.1-Ubuntu SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n",
            inside.hostname()
        ),
        "uname" if arguments.first() == Some(&"-r") => "6.14.0-33-generic\n".to_owned(),
        "uname" if arguments.first() == Some(&"-m") => "x86_64\n".to_owned(),
        "uname" => "Linux\n".to_owned(),
        "nproc" => format!("{}\n", json::text(&inside.node, "/status/capacity/cpu")),
        "date" if arguments.first() == Some(&"+%s") => format!("{}\n", inside.now().as_second()),
        "date" => format!("{}\n", inside.now().strftime("%a %b %e %H:%M:%S UTC %Y")),
        "df" => disks(arguments),
        "free" => memory(inside, arguments),
        "ps" => processes(inside),
        _ => String::new(),
    })
}

fn disks(arguments: &[&str]) -> String {
    if arguments.contains(&"-h") {
        "Filesystem      Size  Used Avail Use% Mounted on\noverlay         3.5T  612G  2.9T  18% /\ntmpfs            64M     0   64M   0% /dev\nshm              64M     0   64M   0% /dev/shm\n".to_owned()
    } else {
        "Filesystem      1K-blocks      Used  Available Use% Mounted on\noverlay        3748905368 641728512 3107176856  18% /\ntmpfs               65536         0      65536   0% /dev\nshm                 65536         0      65536   0% /dev/shm\n".to_owned()
    }
}

fn memory(inside: &Inside, arguments: &[&str]) -> String {
    let (total, free) = files::memory_kib(inside);
    let available = total / 100 * 62;
    let cached = total / 100 * 21;
    let shown = |kib: u64| {
        if arguments.contains(&"-h") {
            format!("{}Gi", kib / 1024 / 1024)
        } else if arguments.contains(&"-g") {
            (kib / 1024 / 1024).to_string()
        } else if arguments.contains(&"-m") {
            (kib / 1024).to_string()
        } else {
            kib.to_string()
        }
    };
    format!(
        "               total        used        free      shared  buff/cache   available\n\
         Mem:    {:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\nSwap:   {:>12}{:>12}{:>12}\n",
        shown(total),
        shown(total - free - cached),
        shown(free),
        shown(total / 400),
        shown(cached),
        shown(available),
        shown(0),
        shown(0),
        shown(0)
    )
}

fn processes(inside: &Inside) -> String {
    let words: Vec<&str> = ["/command", "/args"]
        .iter()
        .flat_map(|part| json::items(&inside.container, part))
        .filter_map(serde_json::Value::as_str)
        .collect();
    let main = if words.is_empty() {
        json::text(&inside.container, "/name").to_owned()
    } else {
        words.join(" ")
    };
    let (user, _) = inside.user();
    let started = inside.started().strftime("%H:%M").to_string();
    let mut lines = vec![
        "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND".to_owned(),
        format!(
            "{user:<10} {:>5}  3.2  0.4 1204816 98244 ?      Ssl  {started}   1:24 {main}",
            1
        ),
    ];
    let workers = match inside.program {
        Program::Training | Program::Vllm | Program::Sglang => inside.gpus(),
        _ => 0,
    };
    for worker in 0..workers {
        lines.push(format!(
            "{user:<10} {:>5} 99.4  3.9 98342912 41872384 ?   Rl   {started} 412:07 python3 worker --rank={worker}",
            57 + worker
        ));
    }
    lines.push(format!(
        "{user:<10} {:>5}  0.0  0.0   8236  4112 ?      R    {}   0:00 ps",
        412,
        inside.now().strftime("%H:%M")
    ));
    joined(&lines)
}
