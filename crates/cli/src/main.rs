//! The program `strata`: the engine without a window.
//!
//! It ends with 0 when what was asked for was shown, 1 on a fault of its own, 2 on a wrong command
//! line, 3 when the cluster could not be reached (or a step of `doctor` failed), 4 when what is
//! shown is not whole (lists that may not be read, a wait that ran out), 5 when a change cannot be made,
//! or not all of it, and when the journal is not as it was written.

use std::process::ExitCode;

use clap::Parser;

mod apply;
mod arguments;
mod change_report;
mod conformance;
mod containers;
mod contexts;
mod deploy;
mod doctor;
mod exit;
mod fit;
mod gpu;
mod jobs;
mod journal;
mod language;
mod load_test;
mod local;
mod loopback;
mod machine;
mod namespaces;
mod plot;
mod prices;
mod prometheus;
mod protect;
mod recipes;
mod releases;
mod report;
mod serve;
mod serving;
mod session;
mod simulate;
mod stack;
mod table;
mod terminal;
mod try_model;
mod why;

fn main() -> ExitCode {
    if let Some(role) = strata_app::ChildRole::of_this_process() {
        strata_app::start_logging();
        role.run();
        return ExitCode::SUCCESS;
    }
    let arguments = arguments::Arguments::parse();
    strata_app::start_logging();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return exit::fault(&anyhow::Error::new(error)),
    };
    match runtime.block_on(run(arguments)) {
        Ok(exit) => exit,
        Err(error) => exit::fault(&error),
    }
}

async fn run(arguments: arguments::Arguments) -> anyhow::Result<ExitCode> {
    use arguments::Command;
    let launch = arguments.launch();
    match arguments.command {
        Command::Contexts(contexts) => contexts::run(launch, contexts.output).await,
        Command::Doctor(doctor) => doctor::run(launch, &doctor).await,
        Command::Stack(stack) => stack::run(launch, &stack).await,
        Command::Gpu(arguments::Gpu {
            command: Some(command),
            ..
        }) => machine::run(launch, &command).await,
        Command::Gpu(gpu) if gpu.local => local::run(launch, &gpu).await,
        Command::Gpu(gpu) => gpu::run(launch, &gpu).await,
        Command::Report(wanted) => report::run(launch, &wanted).await,
        Command::Conformance(wanted) => conformance::run(launch, &wanted).await,
        Command::Jobs(jobs) => jobs::run(launch, &jobs).await,
        Command::Fit(fit) => fit::run(launch, &fit).await,
        Command::Recipes(recipes) => recipes::run(launch, &recipes).await,
        Command::Containers(wanted) => containers::run(launch, &wanted).await,
        Command::Deploy(deploy) if deploy.local => containers::deploy(launch, &deploy).await,
        Command::Deploy(deploy) => deploy::run(launch, &deploy).await,
        Command::Releases(wanted) => releases::run(launch, &wanted).await,
        Command::Rollback(wanted) => releases::roll_back(launch, &wanted).await,
        Command::TryModel(wanted) => try_model::run(launch, &wanted).await,
        Command::LoadTest(wanted) => load_test::run(launch, &wanted).await,
        Command::Serve(serve) => serve::run(launch, &serve).await,
        Command::Apply(apply) => apply::run(launch, &apply).await,
        Command::Journal(journal) => journal::run(launch, &journal).await,
        Command::Namespaces(wanted) => namespaces::run(launch, &wanted).await,
        Command::Prometheus(wanted) => prometheus::run(launch, &wanted).await,
        Command::Protect(protect) => protect::protect(launch, &protect).await,
        Command::Unlock(unlock) => protect::unlock(launch, &unlock).await,
        Command::Why(why) => why::run(launch, &why).await,
        Command::Simulate(simulate) => simulate::run(launch, &simulate).await,
    }
}
