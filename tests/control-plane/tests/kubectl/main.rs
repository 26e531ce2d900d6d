//! kubectl, as a person types it.
//!
//! Each case is a few commands in a namespace of its own, with what they print and how they end. Most are run against the demo
//! cluster (`strata simulate`) and against a real control plane, with the same assertions; those of containers and measurements
//! against the demo cluster alone, as nothing runs in the real one's pods.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, Result};
use libtest_mimic::{Arguments, Trial};
use strata_control_plane_tests::load::nodes::{self, H100, Node};
use strata_control_plane_tests::{ControlPlane, Demo, binaries};

use self::cluster::{Cluster, Ended};
use self::session::Session;

mod access;
mod applying;
mod changing;
mod cluster;
mod containers;
mod deleting;
mod discovering;
mod drain;
mod measurements;
mod reading;
mod rollout;
mod session;
mod waiting;

/// Names the kubeconfig of a running cluster to ask instead of a control plane that is started for it, while cases are written.
const OTHER: &str = "STRATA_CONTRACT_KUBECONFIG";

/// The node that is drained. Its taint keeps the pods of other cases away.
const SPARE: &str = "spare-01";

type Case = fn(&Session);

/// Cases by their names.
macro_rules! cases {
    ($($module:ident::$case:ident),* $(,)?) => {
        &[$((stringify!($case), $module::$case as Case)),*]
    };
}

/// What any cluster answers alike.
const EVERYWHERE: &[(&str, Case)] = cases![
    discovering::api_resources_lists_the_kinds_of_a_group,
    discovering::api_resources_can_be_chosen_by_verb_and_scope,
    discovering::explain_tells_of_a_field,
    discovering::explain_lists_all_the_fields_of_a_kind,
    discovering::explain_of_a_field_that_is_not_there_fails,
    discovering::a_kind_of_ones_own_is_explained_and_listed,
    discovering::the_server_tells_its_version_and_its_groups,
    reading::get_prints_the_columns_of_the_server,
    reading::get_prints_yaml_json_names_and_columns_of_ones_own,
    reading::get_sorts_and_selects,
    reading::get_of_what_is_not_there_fails,
    reading::get_watches,
    reading::describe_tells_of_a_pod_and_its_events,
    reading::describe_tells_of_a_deployment_and_its_replica_set,
    reading::describe_tells_of_a_node_and_its_pods,
    reading::events_of_an_object_are_listed,
    applying::apply_creates_and_then_changes_nothing,
    applying::apply_takes_away_what_the_file_no_longer_has,
    applying::server_side_apply_owns_what_it_wrote,
    applying::server_side_apply_names_the_owner_of_a_conflict,
    applying::a_dry_run_on_the_server_writes_nothing,
    applying::a_dry_run_on_the_server_refuses_what_is_invalid,
    applying::a_field_that_the_kind_has_not_is_refused,
    applying::diff_shows_what_would_change,
    changing::patch_changes_an_object_in_three_ways,
    changing::label_and_annotate_keep_what_is_there,
    changing::set_changes_image_environment_and_resources,
    changing::edit_writes_what_the_editor_left,
    changing::replace_and_create_know_what_is_there,
    changing::generated_objects_are_accepted,
    rollout::scale_changes_the_replicas,
    rollout::scale_respects_the_current_replicas,
    rollout::a_stateful_set_is_scaled,
    rollout::status_waits_until_the_new_pods_are_there,
    rollout::undo_brings_the_old_image_back,
    rollout::a_paused_deployment_rolls_out_when_it_is_resumed,
    rollout::restart_replaces_the_pods,
    rollout::a_stateful_set_is_rolled_out_and_brought_back,
    rollout::a_daemon_set_is_rolled_out_and_brought_back,
    waiting::wait_sees_conditions_fields_and_deletion,
    waiting::wait_gives_up,
    deleting::delete_removes_by_name_and_by_label,
    deleting::delete_can_leave_the_children,
    deleting::delete_of_a_deployment_takes_its_pods_along,
    deleting::delete_of_a_namespace_waits_for_what_is_in_it,
    drain::cordon_keeps_pods_away_until_uncordon,
    drain::drain_respects_daemon_sets_and_disruption_budgets,
    access::can_i_tells_what_is_allowed,
    access::can_i_lists_what_is_allowed,
    access::what_is_forbidden_is_said,
    access::a_role_lets_a_service_account_in,
    access::a_token_is_that_of_its_account,
];

/// What needs containers that do something, and somebody who measures them.
const ATLAS: &[(&str, Case)] = cases![
    containers::logs_shows_the_last_lines,
    containers::logs_follows_what_is_written,
    containers::logs_of_what_has_not_run_are_refused,
    containers::exec_shows_the_gpus_of_a_pod,
    containers::exec_lists_files_and_gives_the_exit_code,
    containers::exec_passes_input_on,
    containers::port_forward_reaches_a_pod,
    containers::port_forward_reaches_a_service,
    containers::proxy_passes_requests_on,
    containers::debug_adds_a_container_to_a_pod_that_runs,
    measurements::top_lists_nodes,
    measurements::top_lists_pods_and_their_containers,
    measurements::raw_queries_reach_prometheus,
];

/// The nodes that `tests/contract` has, and one that nobody uses.
fn ground(folder: &Path) -> Result<PathBuf> {
    const GROUND: &str = include_str!("../../../contract/tests/ground.toml");
    const SPARE_POOL: &str = r#"
[[pool]]
name = "spare"
nodes = 1
cpu = "32"
memory = "128Gi"
instance_type = "worker"
racks = [{ name = "r3", block = "b1", zone = "region-1a" }]
"#;
    let file = folder.join("ground.toml");
    fs::write(&file, format!("{GROUND}{SPARE_POOL}"))?;
    Ok(file)
}

async fn start_control_plane() -> Result<ControlPlane> {
    let control_plane = ControlPlane::start().await?;
    let ground = [
        Node::plain("worker-01"),
        Node::plain("worker-02"),
        Node::with_gpus("gpu-01", H100),
        Node::plain(SPARE),
    ];
    nodes::create(&control_plane.client().await?, &ground).await?;
    Ok(control_plane)
}

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    // They wait for controllers, not for the processor.
    arguments.test_threads = arguments.test_threads.or(Some(6));
    let folder = tempfile::tempdir()?;
    let kubectl = binaries::find()?.kubectl;
    let cluster = |name: &'static str, kubeconfig: &Path| {
        Cluster::new(name, &kubectl, kubeconfig, folder.path()).map(Arc::new)
    };

    // Held until the end: dropping them ends their processes.
    let atlas = Demo::start(OsStr::new("atlas"), folder.path())?;
    let demo = Demo::start(ground(folder.path())?.as_os_str(), folder.path())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let (_real, kubeconfig) = if let Some(file) = std::env::var_os(OTHER) {
        (None, PathBuf::from(file))
    } else {
        let started = runtime.block_on(start_control_plane())?;
        let file = started.kubeconfig_path().to_owned();
        (Some(started), file)
    };

    let demo = cluster("demo", demo.kubeconfig_path())?;
    let real = cluster("real", &kubeconfig)?;
    for cluster in [&demo, &real] {
        cluster
            .run(
                &["taint", "nodes", SPARE, "spare=:NoSchedule", "--overwrite"],
                "",
            )
            .and_then(Ended::success)
            .context("tainting the spare node")?;
    }
    let atlas = cluster("atlas", atlas.kubeconfig_path())?;
    let mut trials = trials(&demo, EVERYWHERE);
    trials.extend(self::trials(&real, EVERYWHERE));
    trials.extend(self::trials(&atlas, ATLAS));
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn trials(cluster: &Arc<Cluster>, cases: &[(&'static str, Case)]) -> Vec<Trial> {
    let numbered = cases.iter().enumerate();
    let trial = |(number, &(name, case)): (usize, &(&'static str, Case))| {
        let cluster = Arc::clone(cluster);
        Trial::test(format!("{}::{name}", cluster.name), move || {
            let session = Session::begin(cluster, number).map_err(|error| format!("{error:#}"))?;
            case(&session);
            Ok(())
        })
    };
    numbered.map(trial).collect()
}
