//! The commands that the shell knows.

use std::time::Duration;

use super::{Outcome, Shell, files, gpus, inside::Inside};
use crate::{json, program::Program};

/// Commands that are part of a shell and no programs.
const BUILTINS: [&str; 6] = ["cd", "exit", "export", "type", ":", "set"];

/// Programs that are found in images.
const PROGRAMS: [&str; 24] = [
    "cat", "date", "df", "echo", "env", "false", "free", "grep", "head", "hostname", "id", "ls",
    "nproc", "printenv", "printf", "ps", "pwd", "sleep", "sort", "tail", "true", "uname", "wc",
    "whoami",
];

/// Whether `name` is a program that the container has.
pub(super) fn is_program(name: &str, inside: &Inside) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    crate::program::is_shell(name) && !(name == "bash" && inside.is_small())
        || PROGRAMS.contains(&name)
        || name == "nvidia-smi" && inside.gpus() > 0
}

/// Runs one command.
pub(super) fn run(shell: &mut Shell, words: &[&str], stdin: &str) -> Outcome {
    let Some((name, arguments)) = words.split_first() else {
        return Outcome::default();
    };
    let is_known = BUILTINS.contains(name) || is_program(name, &shell.inside);
    if let Some((variable, value)) = name.split_once('=')
        && !is_known
    {
        shell
            .variables
            .insert(variable.to_owned(), value.to_owned());
        return Outcome::default();
    }
    if !is_known {
        let said = if shell.inside.is_small() {
            format!("sh: {name}: not found\n")
        } else {
            format!("bash: {name}: command not found\n")
        };
        return Outcome::failed(127, said);
    }
    let name = name.rsplit('/').next().unwrap_or(name);
    let inside = &shell.inside;
    match name {
        "nvidia-smi" => gpus::nvidia_smi(inside, arguments),
        "true" | ":" | "set" => Outcome::default(),
        "false" => Outcome::failed(1, ""),
        "exit" => exit(shell, arguments),
        "cd" => change_directory(shell, arguments),
        "export" => export(shell, arguments),
        "echo" => echo(arguments),
        "printf" => Outcome::of(arguments.join(" ").replace("\\n", "\n")),
        "pwd" => Outcome::of(format!("{}\n", shell.directory)),
        "env" | "printenv" => environment(shell, arguments),
        "type" => Outcome::of(format!("{0} is /usr/bin/{0}\n", arguments.join(" "))),
        "sleep" => sleep(arguments),
        "cat" => cat(shell, arguments, stdin),
        "ls" => list(shell, arguments),
        "grep" => grep(shell, arguments, stdin),
        "head" | "tail" => ends(shell, name, arguments, stdin),
        "wc" => count(shell, arguments, stdin),
        "sort" => {
            let mut lines: Vec<&str> = stdin.lines().collect();
            lines.sort_unstable();
            Outcome::of(joined(&lines))
        }
        _ => about(inside, name, arguments),
    }
}

/// What tells of the machine.
fn about(inside: &Inside, name: &str, arguments: &[&str]) -> Outcome {
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

fn exit(shell: &Shell, arguments: &[&str]) -> Outcome {
    let code = arguments.first().and_then(|code| code.parse().ok());
    Outcome {
        code: code.unwrap_or(shell.last),
        exits: true,
        ..Outcome::default()
    }
}

fn change_directory(shell: &mut Shell, arguments: &[&str]) -> Outcome {
    let home = shell.variables.get("HOME").cloned().unwrap_or_default();
    let asked = arguments.first().copied().unwrap_or(home.as_str());
    let path = files::absolute(&shell.directory, asked);
    if path != "/" && files::list(&shell.inside, &path).is_none() {
        return Outcome::failed(1, format!("bash: cd: {asked}: No such file or directory\n"));
    }
    shell.variables.insert("PWD".to_owned(), path.clone());
    shell.directory = path;
    Outcome::default()
}

fn export(shell: &mut Shell, arguments: &[&str]) -> Outcome {
    for argument in arguments {
        if let Some((name, value)) = argument.split_once('=') {
            shell.variables.insert(name.to_owned(), value.to_owned());
        }
    }
    Outcome::default()
}

fn echo(arguments: &[&str]) -> Outcome {
    match arguments.split_first() {
        Some((&"-n", said)) => Outcome::of(said.join(" ")),
        Some((&"-e", said)) => Outcome::of(said.join(" ").replace("\\n", "\n") + "\n"),
        _ => Outcome::of(arguments.join(" ") + "\n"),
    }
}

fn environment(shell: &Shell, arguments: &[&str]) -> Outcome {
    if let Some(name) = arguments.first() {
        return match shell.variables.get(*name) {
            Some(value) => Outcome::of(format!("{value}\n")),
            None => Outcome::failed(1, ""),
        };
    }
    let lines: Vec<String> = shell
        .variables
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Outcome::of(joined(&lines))
}

fn sleep(arguments: &[&str]) -> Outcome {
    let asked = arguments.first().copied().unwrap_or_default();
    let number = asked.trim_end_matches(['s', 'm', 'h', 'd']);
    let factor = match asked.chars().last() {
        Some('m') => 60.0,
        Some('h') => 3600.0,
        Some('d') => 86_400.0,
        _ => 1.0,
    };
    let seconds = if asked == "infinity" {
        Ok(1e9)
    } else {
        number.parse::<f64>()
    };
    match seconds.map(|seconds| Duration::try_from_secs_f64(seconds * factor)) {
        Ok(Ok(waits)) => Outcome {
            waits,
            ..Outcome::default()
        },
        _ => Outcome::failed(1, format!("sleep: invalid time interval '{asked}'\n")),
    }
}

/// The text of the named files, or of what is piped in; what cannot be read is told.
fn read(shell: &Shell, command: &str, names: &[&str], stdin: &str) -> (String, String) {
    let names: Vec<&&str> = names.iter().filter(|name| !name.starts_with('-')).collect();
    if names.is_empty() {
        return (stdin.to_owned(), String::new());
    }
    let files = files::all(&shell.inside);
    let (mut text, mut problems) = (String::new(), Vec::new());
    for name in names {
        let path = files::absolute(&shell.directory, name);
        if let Some(found) = files.get(&path) {
            text.push_str(found);
        } else if files::list(&shell.inside, &path).is_some() {
            problems.push(format!("{command}: {name}: Is a directory"));
        } else {
            problems.push(format!("{command}: {name}: No such file or directory"));
        }
    }
    (text, joined(&problems))
}

fn cat(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let (out, err) = read(shell, "cat", arguments, stdin);
    Outcome {
        code: u8::from(!err.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
}

fn list(shell: &Shell, arguments: &[&str]) -> Outcome {
    let is_long = arguments
        .iter()
        .any(|argument| argument.starts_with('-') && argument.contains('l'));
    let asked = arguments
        .iter()
        .find(|argument| !argument.starts_with('-'))
        .copied()
        .unwrap_or(".");
    let path = files::absolute(&shell.directory, asked);
    let files = files::all(&shell.inside);
    let names: Vec<String> = match files::list(&shell.inside, &path) {
        Some(names) => names.into_iter().collect(),
        None if files.contains_key(&path) => vec![asked.to_owned()],
        None => {
            return Outcome::failed(
                2,
                format!("ls: cannot access '{asked}': No such file or directory\n"),
            );
        }
    };
    if !is_long {
        return Outcome::of(joined(&names));
    }
    let started = shell.inside.started().strftime("%b %e %H:%M").to_string();
    let (user, _) = shell.inside.user();
    let mut text = format!("total {}\n", names.len() * 4);
    for name in &names {
        let line = match files.get(&files::absolute(&path, name)) {
            Some(found) => format!(
                "-rw-r--r-- 1 {user} {user} {:>6} {started} {name}\n",
                found.len()
            ),
            None => format!("drwxr-xr-x 1 {user} {user} {:>6} {started} {name}\n", 4096),
        };
        text.push_str(&line);
    }
    Outcome::of(text)
}

fn grep(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let flags: String = arguments
        .iter()
        .filter_map(|argument| argument.strip_prefix('-'))
        .collect();
    let mut rest = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'));
    let Some(pattern) = rest.next() else {
        return Outcome::failed(2, "usage: grep [-civ] PATTERN [FILE]...\n");
    };
    let names: Vec<&str> = rest.copied().collect();
    let (text, err) = read(shell, "grep", &names, stdin);
    let folded = |text: &str| {
        if flags.contains('i') {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let wanted = folded(pattern);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| folded(line).contains(&wanted) != flags.contains('v'))
        .collect();
    let out = if flags.contains('c') {
        format!("{}\n", lines.len())
    } else {
        joined(&lines)
    };
    Outcome {
        code: u8::from(lines.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
}

/// `head` and `tail`.
fn ends(shell: &Shell, name: &str, arguments: &[&str], stdin: &str) -> Outcome {
    let mut count = 10_usize;
    let mut names = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let given = match argument.strip_prefix("-n") {
            Some("") => rest.next().copied(),
            Some(given) => Some(given),
            None => argument.strip_prefix('-'),
        };
        match given {
            Some(given) => count = given.parse().unwrap_or(count),
            None => names.push(*argument),
        }
    }
    let (text, err) = read(shell, name, &names, stdin);
    let lines: Vec<&str> = text.lines().collect();
    let shown = if name == "head" {
        lines.get(..count.min(lines.len()))
    } else {
        lines.get(lines.len().saturating_sub(count)..)
    };
    Outcome {
        code: u8::from(!err.is_empty()),
        out: joined(shown.unwrap_or_default()),
        err,
        ..Outcome::default()
    }
}

fn count(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let (text, err) = read(shell, "wc", arguments, stdin);
    let lines = text.lines().count();
    let out = if arguments.contains(&"-l") {
        format!("{lines}\n")
    } else {
        format!(
            "{lines:>7} {:>7} {:>7}\n",
            text.split_whitespace().count(),
            text.len()
        )
    };
    Outcome {
        code: u8::from(!err.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
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

fn joined<T: AsRef<str>>(lines: &[T]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}
