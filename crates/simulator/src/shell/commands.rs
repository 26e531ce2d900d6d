//! The commands that the shell knows.

use std::time::Duration;

use super::{Outcome, Shell, files, gpus, inside::Inside};

mod machine;
mod text;

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
        "cat" => text::cat(shell, arguments, stdin),
        "ls" => text::list(shell, arguments),
        "grep" => text::grep(shell, arguments, stdin),
        "head" | "tail" => text::ends(shell, name, arguments, stdin),
        "wc" => text::count(shell, arguments, stdin),
        "sort" => {
            let mut lines: Vec<&str> = stdin.lines().collect();
            lines.sort_unstable();
            Outcome::of(joined(&lines))
        }
        _ => machine::about(inside, name, arguments),
    }
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

fn joined<T: AsRef<str>>(lines: &[T]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}
