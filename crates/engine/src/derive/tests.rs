use std::time::Instant;

use strata_domain::object::Object;
use strata_ports::cluster::ClusterEvent;
use strata_test_support::objects::{deployment, node, pod, replica_set};

use super::*;
use crate::{derive::fixture, fold::apply};

#[test]
fn scale() {
    let mut objects: Vec<Object> = Vec::new();
    for n in 0..10_000 {
        let mut b = node(&format!("n{n}")).gpus(8).gpu_product("NVIDIA-H100-80GB-HBM3");
        for l in 0..40 { b = b.label(&format!("feature.node.kubernetes.io/l{l}"), "true"); }
        objects.push(b.object());
    }
    for d in 0..5_000 {
        let dep = deployment(&format!("ns{}", d % 100), &format!("app{d}")).image("registry.example/app:1").object();
        let rs = replica_set(&format!("ns{}", d % 100), &format!("app{d}-1")).owned_by(&dep).object();
        for p in 0..20 {
            objects.push(pod(&format!("ns{}", d % 100), &format!("app{d}-{p}")).on(&format!("n{}", (d * 20 + p) % 10_000)).gpus(u64::from(d % 10 == 0)).owned_by(&rs).object());
        }
        objects.push(dep);
        objects.push(rs);
    }
    let cluster = fixture::cluster(objects);
    let catalog = fixture::catalog();
    for _ in 0..2 {
        let t = Instant::now();
        let derived = fixture::derived(&cluster, &catalog);
        println!("all {:?} {} apps", t.elapsed(), derived.applications.list.len());
        let now = fixture::now();
        let t = Instant::now();
        let a = accelerators::Accelerators::count(cluster.nodes(), cluster.slices(), std::iter::empty());
        println!("count {:?}", t.elapsed());
        let t = Instant::now();
        let a = a.held_by(cluster.pods());
        println!("held {:?}", t.elapsed());
        let t = Instant::now();
        let owners = owners::Owners::find(&cluster);
        println!("owners {:?}", t.elapsed());
        let t = Instant::now();
        let q = queues::Queues::read(&cluster, &catalog, &owners);
        println!("queues {:?}", t.elapsed());
        let t = Instant::now();
        let c = components::Components::find(&cluster, &catalog, &owners, now);
        println!("components {:?}", t.elapsed());
        let t = Instant::now();
        let _apps = applications::Applications::find(applications::Setting { cluster: &cluster, catalog: &catalog, owners: &owners, components: &c, accelerators: &a, queues: &q, now });
        println!("applications {:?}", t.elapsed());
        let t = Instant::now();
        let _ = hardware::models(&cluster, &a, &derived.nodes);
        println!("hardware {:?}", t.elapsed());
        let t = Instant::now();
        let _ = layers::layers(&derived, &cluster, &catalog, now);
        println!("layers {:?}", t.elapsed());
        let t = Instant::now();
        let _ = attention::rank(&derived, &cluster, &catalog, now);
        println!("attention {:?}", t.elapsed());
        let t = Instant::now();
        let _ = crate::project::stack::rows(&cluster, &derived, &catalog, &[], &crate::fleet::trends::Trends::default());
        println!("stack rows {:?}", t.elapsed());
    }
    let _ = (apply, ClusterEvent::Served(vec![]));
}
