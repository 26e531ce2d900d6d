//! Controllers and what belongs to Kubernetes: klog, zap, logfmt.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, nothing};

pub(super) const ZAP: Script = Script {
    opening: Duration::from_secs(8),
    open: open_zap,
    period: Duration::from_secs(30),
    round: round_zap,
    finish: nothing,
    fail: fail_zap,
};

pub(super) const KLOG: Script = Script {
    opening: Duration::from_secs(6),
    open: open_klog,
    period: Duration::from_secs(45),
    round: round_klog,
    finish: nothing,
    fail: fail_klog,
};

pub(super) const LOGFMT: Script = Script {
    opening: Duration::from_secs(5),
    open: open_logfmt,
    period: Duration::from_mins(1),
    round: round_logfmt,
    finish: nothing,
    fail: fail_logfmt,
};

pub(super) const ETCD: Script = Script {
    opening: Duration::from_secs(5),
    open: open_etcd,
    period: Duration::from_mins(5),
    round: round_etcd,
    finish: nothing,
    fail: nothing,
};

pub(super) const COREDNS: Script = Script {
    opening: Duration::from_secs(3),
    open: open_coredns,
    period: Duration::from_mins(15),
    round: round_coredns,
    finish: nothing,
    fail: nothing,
};

fn zap(at: Timestamp, level: &str, rest: &str) -> String {
    let time = at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ");
    format!("{{\"level\":\"{level}\",\"ts\":\"{time}\",{rest}}}")
}

/// What a controller minds, by the words of its image.
fn minded(image: &str) -> (&'static str, &'static str, &'static str) {
    const KINDS: [(&str, &str, &str, &str); 12] = [
        ("kueue", "workload", "kueue.x-k8s.io", "Workload"),
        ("jobset", "jobset", "jobset.x-k8s.io", "JobSet"),
        (
            "lws",
            "leaderworkerset",
            "leaderworkerset.x-k8s.io",
            "LeaderWorkerSet",
        ),
        ("trainer", "trainjob", "trainer.kubeflow.org", "TrainJob"),
        (
            "training-operator",
            "pytorchjob",
            "kubeflow.org",
            "PyTorchJob",
        ),
        (
            "kserve",
            "inferenceservice",
            "serving.kserve.io",
            "InferenceService",
        ),
        ("kuberay", "raycluster-controller", "ray.io", "RayCluster"),
        (
            "spark",
            "sparkapplication",
            "sparkoperator.k8s.io",
            "SparkApplication",
        ),
        (
            "gpu-operator",
            "clusterpolicy-controller",
            "nvidia.com",
            "ClusterPolicy",
        ),
        ("notebook", "notebook", "kubeflow.org", "Notebook"),
        ("keda", "scaledobject", "keda.sh", "ScaledObject"),
        (
            "katib",
            "experiment-controller",
            "kubeflow.org",
            "Experiment",
        ),
    ];
    KINDS
        .iter()
        .find(|(part, ..)| image.contains(part))
        .map_or(("controller", "", "Pod"), |(_, name, group, kind)| {
            (name, group, kind)
        })
}

fn open_zap(part: &mut Part<'_>) {
    let (controller, group, kind) = minded(&part.run.image);
    let lease = format!(
        "{}_{:08x}",
        part.run.pod,
        part.chance("lease", u64::from(u32::MAX))
    );
    let namespace = &part.run.namespace;
    part.say(50, |at| zap(at, "info", "\"logger\":\"setup\",\"caller\":\"cmd/main.go:172\",\"msg\":\"Initializing\",\"gitVersion\":\"unknown\""));
    part.say(120, |at| zap(at, "info", "\"logger\":\"controller-runtime.metrics\",\"caller\":\"server/server.go:208\",\"msg\":\"Starting metrics server\""));
    part.say(140, |at| zap(at, "info", "\"caller\":\"manager/server.go:83\",\"msg\":\"starting server\",\"name\":\"health probe\",\"addr\":\"[::]:8081\""));
    part.say(150, |at| {
        klog(
            at,
            'I',
            "leaderelection.go:257",
            &format!("attempting to acquire leader lease {namespace}/{lease}..."),
        )
    });
    part.say(500, |at| {
        klog(
            at,
            'I',
            "leaderelection.go:271",
            &format!("successfully acquired lease {namespace}/{lease}"),
        )
    });
    part.say(600, |at| zap(at, "info", &format!("\"caller\":\"controller/controller.go:204\",\"msg\":\"Starting EventSource\",\"controller\":\"{controller}\",\"controllerGroup\":\"{group}\",\"controllerKind\":\"{kind}\",\"source\":\"kind source: *v1.{kind}\"")));
    part.say(900, |at| zap(at, "info", &format!("\"caller\":\"controller/controller.go:239\",\"msg\":\"Starting workers\",\"controller\":\"{controller}\",\"controllerGroup\":\"{group}\",\"controllerKind\":\"{kind}\",\"worker count\":5")));
}

fn round_zap(part: &mut Part<'_>) {
    let (controller, group, kind) = minded(&part.run.image);
    let id = part.chance("id", u64::MAX);
    let took = part.around("took", 0.0042, 60.0);
    if part.chance("conflict", 40) == 0 {
        part.say(200, |at| zap(at, "info", &format!("\"caller\":\"controller/controller.go:474\",\"msg\":\"Reconcile conflict, requeued\",\"controller\":\"{controller}\",\"controllerGroup\":\"{group}\",\"controllerKind\":\"{kind}\",\"reconcileID\":\"{id:016x}\"")));
    }
    part.say(500, |at| zap(at, "info", &format!("\"caller\":\"core/reconcile.go:118\",\"msg\":\"Reconcile {kind}\",\"controller\":\"{controller}\",\"controllerGroup\":\"{group}\",\"controllerKind\":\"{kind}\",\"reconcileID\":\"{id:016x}\",\"duration\":{took:.6}")));
}

fn fail_zap(part: &mut Part<'_>) {
    part.say(0, |at| zap(at, "error", "\"logger\":\"setup\",\"caller\":\"cmd/main.go:241\",\"msg\":\"problem running manager\",\"error\":\"open /etc/config/config.yaml: no such file or directory\""));
}

fn klog(at: Timestamp, level: char, place: &str, text: &str) -> String {
    format!(
        "{level}{}       1 {place}] {text}",
        at.strftime("%m%d %H:%M:%S.%6f")
    )
}

fn open_klog(part: &mut Part<'_>) {
    let container = part.run.container.clone();
    let version = part
        .run
        .image
        .rsplit_once(':')
        .map_or("unknown", |(_, version)| version)
        .to_owned();
    part.say(50, |at| {
        klog(
            at,
            'I',
            "server.go:146",
            &format!("\"Starting {container}\" version=\"{version}\""),
        )
    });
    part.say(60, |at| {
        klog(
            at,
            'I',
            "server.go:148",
            "\"Golang settings\" GOGC=\"\" GOMAXPROCS=\"\" GOTRACEBACK=\"\"",
        )
    });
    part.say(200, |at| {
        klog(
            at,
            'I',
            "shared_informer.go:349",
            "\"Waiting for caches to sync\"",
        )
    });
    part.say(420, |at| {
        klog(at, 'I', "shared_informer.go:356", "\"Caches are synced\"")
    });
    part.say(500, |at| {
        klog(
            at,
            'I',
            "secure_serving.go:211",
            "Serving securely on [::]:10250",
        )
    });
    if part.run.program == crate::program::Program::DevicePlugin {
        let node = part.run.node.clone();
        part.say(700, |at| {
            klog(
                at,
                'I',
                "server.go:195",
                "Starting GRPC server for 'nvidia.com/gpu'",
            )
        });
        part.say(720, |at| {
            klog(
                at,
                'I',
                "server.go:146",
                &format!("Registered device plugin for 'nvidia.com/gpu' with Kubelet on {node}"),
            )
        });
    }
}

fn round_klog(part: &mut Part<'_>) {
    let items = 1 + part.chance("items", 40);
    if part.chance("slow", 30) == 0 {
        let took = 500 + part.chance("took", 900);
        part.say(300, |at| {
            klog(
                at,
                'I',
                "trace.go:236",
                &format!(
                    "Trace[{}]: \"List\" (total time: {took}ms): [{took}.114ms] [{took}.114ms] END",
                    items * 7919
                ),
            )
        });
    }
    part.say(600, |at| klog(at, 'I', "reflector.go:946", &format!("\"Watch close\" reflector=\"k8s.io/client-go/informers/factory.go:161\" type=\"*v1.Pod\" totalItems={items}")));
}

fn fail_klog(part: &mut Part<'_>) {
    part.say(0, |at| klog(at, 'E', "run.go:72", "\"command failed\" err=\"failed to load the configuration: open /etc/config/config.yaml: no such file or directory\""));
}

fn logfmt(at: Timestamp, level: &str, rest: &str) -> String {
    format!(
        "time={} level={level} {rest}",
        at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
    )
}

fn open_logfmt(part: &mut Part<'_>) {
    let container = part.run.container.clone();
    let version = part
        .run
        .image
        .rsplit_once(":v")
        .map_or("unknown", |(_, version)| version)
        .to_owned();
    part.say(20, |at| logfmt(at, "INFO", &format!("source=main.go:681 msg=\"Starting {container}\" version=\"(version={version}, branch=HEAD)\"")));
    part.say(60, |at| logfmt(at, "INFO", "source=main.go:686 msg=\"operational information\" build_context=\"(go=go1.26.6, platform=linux/amd64)\""));
    part.say(400, |at| {
        logfmt(
            at,
            "INFO",
            "source=tls_config.go:347 msg=\"Listening on\" address=[::]:9090",
        )
    });
    part.say(800, |at| {
        logfmt(
            at,
            "INFO",
            "source=main.go:1330 msg=\"Server is ready to receive web requests.\"",
        )
    });
}

fn round_logfmt(part: &mut Part<'_>) {
    let took = part.around("took", 812.0, 30.0);
    let series = 180_000 + part.chance("series", 40_000);
    if part.number.is_multiple_of(120) {
        part.say(200, |at| logfmt(at, "INFO", &format!("source=head.go:1463 component=tsdb msg=\"Head GC completed\" duration={took:.3}ms")));
        part.say(400, |at| logfmt(at, "INFO", &format!("source=checkpoint.go:114 component=tsdb msg=\"Creating checkpoint\" series={series}")));
    } else {
        part.say(500, |at| {
            logfmt(
                at,
                "INFO",
                &format!("source=manager.go:204 msg=\"Completed a round\" duration={took:.3}ms"),
            )
        });
    }
}

fn fail_logfmt(part: &mut Part<'_>) {
    part.say(0, |at| logfmt(at, "ERROR", "source=main.go:577 msg=\"Error loading config\" err=\"open /etc/config/config.yaml: no such file or directory\""));
}

fn etcd(at: Timestamp, level: &str, rest: &str) -> String {
    format!(
        "{{\"level\":\"{level}\",\"ts\":\"{}\",{rest}}}",
        at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ")
    )
}

fn open_etcd(part: &mut Part<'_>) {
    let name = part.run.node.clone();
    part.say(10, |at| etcd(at, "info", "\"caller\":\"etcdmain/etcd.go:73\",\"msg\":\"Running: \",\"args\":[\"etcd\",\"--data-dir=/var/lib/etcd\"]"));
    part.say(200, |at| etcd(at, "info", &format!("\"caller\":\"embed/etcd.go:310\",\"msg\":\"starting an etcd server\",\"name\":\"{name}\",\"etcd-version\":\"3.6.6\"")));
    part.say(600, |at| etcd(at, "info", "\"logger\":\"raft\",\"caller\":\"etcdserver/zap_raft.go:77\",\"msg\":\"8e9e05c52164694d became follower at term 9\""));
    part.say(900, |at| etcd(at, "info", "\"caller\":\"embed/serve.go:272\",\"msg\":\"serving client traffic securely\",\"address\":\"[::]:2379\""));
}

fn round_etcd(part: &mut Part<'_>) {
    let revision = 48_120_000 + part.number * 1_944;
    let took = part.around("took", 41.3, 30.0);
    let hash = part.chance("hash", u64::from(u32::MAX));
    part.say(100, |at| etcd(at, "info", &format!("\"caller\":\"mvcc/index.go:194\",\"msg\":\"compact tree index\",\"revision\":{revision}")));
    part.say(130, |at| etcd(at, "info", &format!("\"caller\":\"mvcc/kvstore_compaction.go:72\",\"msg\":\"finished scheduled compaction\",\"compact-revision\":{revision},\"took\":\"{took:.6}ms\",\"hash\":{hash}")));
    if part.chance("slow", 6) == 0 {
        let slow = part.around("slow took", 148.0, 30.0);
        part.say(700, |at| etcd(at, "warn", &format!("\"caller\":\"txn/util.go:93\",\"msg\":\"apply request took too long\",\"took\":\"{slow:.6}ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \"")));
    }
}

fn open_coredns(part: &mut Part<'_>) {
    let version = part
        .run
        .image
        .rsplit_once(":v")
        .map_or("1.14.0", |(_, version)| version)
        .to_owned();
    let hash = part.chance("hash", u64::MAX);
    part.say(100, |_| ".:53".to_owned());
    part.say(110, |_| {
        format!("[INFO] plugin/reload: Running configuration SHA512 = {hash:016x}{hash:016x}")
    });
    part.say(120, |_| {
        format!("CoreDNS-{version}\nlinux/amd64, go1.26.6, 9d3a1e2")
    });
}

fn round_coredns(part: &mut Part<'_>) {
    if part.chance("quiet", 3) != 0 {
        return;
    }
    let port = 30_000 + part.chance("port", 30_000);
    let id = part.chance("id", 65_536);
    part.say(400, |_| format!("[INFO] 10.192.4.17:{port} - {id} \"AAAA IN registry-1.docker.io.llm-prod.svc.cluster.local. udp 72 false 1232\" NXDOMAIN qr,aa,rd 154 0.000271s"));
}
