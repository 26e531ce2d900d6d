//! Programs that wait for somebody: notebooks, web servers, databases, exporters, Ray.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, nothing};

pub(super) const JUPYTER: Script = Script {
    opening: Duration::from_secs(7),
    open: open_jupyter,
    period: Duration::from_mins(2),
    round: round_jupyter,
    finish: nothing,
    fail: super::batch::missing_module,
};

pub(super) const RAY: Script = Script {
    opening: Duration::from_secs(12),
    open: open_ray,
    period: Duration::from_secs(20),
    round: round_ray,
    finish: nothing,
    fail: super::batch::missing_module,
};

pub(super) const NGINX: Script = Script {
    opening: Duration::from_secs(2),
    open: open_nginx,
    period: Duration::from_secs(8),
    round: round_nginx,
    finish: nothing,
    fail: nothing,
};

pub(super) const UVICORN: Script = Script {
    opening: Duration::from_secs(9),
    open: open_uvicorn,
    period: Duration::from_secs(6),
    round: round_uvicorn,
    finish: nothing,
    fail: super::batch::missing_module,
};

pub(super) const POSTGRES: Script = Script {
    opening: Duration::from_secs(4),
    open: open_postgres,
    period: Duration::from_mins(5),
    round: round_postgres,
    finish: nothing,
    fail: nothing,
};

pub(super) const REDIS: Script = Script {
    opening: Duration::from_secs(2),
    open: open_redis,
    period: Duration::from_mins(1),
    round: round_redis,
    finish: nothing,
    fail: nothing,
};

pub(super) const DCGM_EXPORTER: Script = Script {
    opening: Duration::from_secs(6),
    open: open_dcgm,
    period: Duration::from_hours(1),
    round: nothing,
    finish: nothing,
    fail: nothing,
};

fn jupyter(at: Timestamp, app: &str, text: &str) -> String {
    format!("[I {} {app}] {text}", at.strftime("%Y-%m-%d %H:%M:%S.%3f"))
}

fn open_jupyter(part: &mut Part<'_>) {
    let (namespace, pod) = (part.run.namespace.clone(), part.run.pod.clone());
    for extension in [
        "jupyter_lsp",
        "jupyter_server_terminals",
        "jupyterlab",
        "notebook",
    ] {
        part.say(200, |at| {
            jupyter(
                at,
                "ServerApp",
                &format!("{extension} | extension was successfully linked."),
            )
        });
    }
    part.say(700, |at| {
        jupyter(
            at,
            "ServerApp",
            "Serving notebooks from local directory: /home/jovyan",
        )
    });
    part.say(710, |at| {
        jupyter(at, "ServerApp", "Jupyter Server 2.17.0 is running at:")
    });
    part.say(711, |at| {
        jupyter(
            at,
            "ServerApp",
            &format!("http://{pod}:8888/notebook/{namespace}/lab"),
        )
    });
    part.say(712, |at| jupyter(at, "ServerApp", "Use Control-C to stop this server and shut down all kernels (twice to skip confirmation)."));
}

fn round_jupyter(part: &mut Part<'_>) {
    let kernel = part.chance("kernel", u64::MAX);
    match part.chance("what", 6) {
        0 => part.say(300, |at| {
            jupyter(at, "ServerApp", &format!("Kernel started: {kernel:016x}"))
        }),
        1 => part.say(300, |at| {
            jupyter(
                at,
                "ServerApp",
                &format!("Connecting to kernel {kernel:016x}."),
            )
        }),
        2 | 3 => part.say(500, |at| {
            jupyter(
                at,
                "ServerApp",
                "Saving file at /experiments/attention.ipynb",
            )
        }),
        _ => {}
    }
}

fn ray(at: Timestamp, place: &str, text: &str) -> String {
    format!(
        "{}\tINFO {place} -- {text}",
        at.strftime("%Y-%m-%d %H:%M:%S,%3f")
    )
}

fn open_ray(part: &mut Part<'_>) {
    let address = part.run.address.clone();
    let is_head = part.run.pod.contains("head");
    part.say(50, |at| {
        ray(
            at,
            "usage_lib.py:473",
            "Usage stats collection is disabled.",
        )
    });
    part.say(100, |at| {
        ray(at, "scripts.py:913", &format!("Local node IP: {address}"))
    });
    if is_head {
        part.say(600, |at| {
            ray(
                at,
                "scripts.py:950",
                &format!(
                    "Ray runtime started. To add another node: ray start --address='{address}:6379'"
                ),
            )
        });
        part.say(800, |at| {
            ray(
                at,
                "head.py:331",
                "Dashboard listening on http://0.0.0.0:8265",
            )
        });
    } else {
        let gpus = part.run.gpus;
        part.say(600, |at| ray(at, "scripts.py:1106", "Ray runtime started."));
        part.say(800, |at| {
            ray(
                at,
                "services.py:2014",
                &format!("Registered a node with {gpus} GPU(s)"),
            )
        });
    }
}

fn round_ray(part: &mut Part<'_>) {
    let done = part.number * 1_152;
    let rate = part.around("rate", 57.6, 12.0);
    let process = 700 + part.chance("pid", 90);
    if part.run.pod.contains("head") {
        part.say(400, |at| {
            ray(
                at,
                "streaming_executor.py:139",
                &format!(
                    "Running: MapBatches(Embed): {done} rows done, {rate:.1} rows/s; 8/8 GPUs"
                ),
            )
        });
    } else {
        part.say(400, |_| format!("(MapWorker(MapBatches(Embed)) pid={process}) embedded batch {}: 144 documents, {rate:.1} rows/s", done / 144));
    }
}

fn open_nginx(part: &mut Part<'_>) {
    for script in [
        "10-listen-on-ipv6-by-default.sh",
        "20-envsubst-on-templates.sh",
        "30-tune-worker-processes.sh",
    ] {
        part.say(100, |_| {
            format!("/docker-entrypoint.sh: Launching /docker-entrypoint.d/{script}")
        });
    }
    part.say(300, |_| {
        "/docker-entrypoint.sh: Configuration complete; ready for start up".to_owned()
    });
    let version = part
        .run
        .image
        .rsplit_once(':')
        .map_or("1.29", |(_, version)| version)
        .to_owned();
    part.say(500, |at| {
        format!(
            "{} [notice] 1#1: nginx/{version}",
            at.strftime("%Y/%m/%d %H:%M:%S")
        )
    });
    part.say(501, |at| {
        format!(
            "{} [notice] 1#1: start worker processes",
            at.strftime("%Y/%m/%d %H:%M:%S")
        )
    });
}

fn round_nginx(part: &mut Part<'_>) {
    const PATHS: [&str; 5] = [
        "/",
        "/assets/index.js",
        "/api/v1/session",
        "/favicon.ico",
        "/healthz",
    ];
    let path = usize::try_from(part.chance("path", 5))
        .ok()
        .and_then(|at| PATHS.get(at))
        .copied()
        .unwrap_or("/");
    let bytes = 200 + part.chance("bytes", 40_000);
    let peer = 2 + part.chance("peer", 200);
    part.say(300, |at| format!("10.192.3.{peer} - - [{}] \"GET {path} HTTP/1.1\" 200 {bytes} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\" \"-\"", at.strftime("%d/%b/%Y:%H:%M:%S +0000")));
}

fn open_uvicorn(part: &mut Part<'_>) {
    part.say(200, |_| "INFO:     Started server process [1]".to_owned());
    part.say(210, |_| {
        "INFO:     Waiting for application startup.".to_owned()
    });
    part.say(900, |_| {
        "INFO:     Application startup complete.".to_owned()
    });
    part.say(910, |_| {
        "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)".to_owned()
    });
}

fn round_uvicorn(part: &mut Part<'_>) {
    const CALLS: [&str; 5] = [
        "POST /v1/chat/completions",
        "GET /health/liveliness",
        "GET /v1/models",
        "POST /api/v1/chats",
        "GET /health",
    ];
    let call = usize::try_from(part.chance("call", 5))
        .ok()
        .and_then(|at| CALLS.get(at))
        .copied()
        .unwrap_or("GET /");
    let port = 30_000 + part.chance("port", 30_000);
    let peer = 2 + part.chance("peer", 200);
    let answer = if part.chance("limit", 60) == 0 {
        "429 Too Many Requests"
    } else {
        "200 OK"
    };
    part.say(400, |_| {
        format!("INFO:     10.192.5.{peer}:{port} - \"{call} HTTP/1.1\" {answer}")
    });
}

fn postgres(at: Timestamp, process: u64, text: &str) -> String {
    format!(
        "{} UTC [{process}] LOG:  {text}",
        at.strftime("%Y-%m-%d %H:%M:%S.%3f")
    )
}

fn open_postgres(part: &mut Part<'_>) {
    part.say(100, |at| {
        postgres(
            at,
            1,
            "starting PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit",
        )
    });
    part.say(101, |at| {
        postgres(at, 1, "listening on IPv4 address \"0.0.0.0\", port 5432")
    });
    part.say(600, |at| {
        postgres(at, 29, "database system was shut down cleanly")
    });
    part.say(800, |at| {
        postgres(at, 1, "database system is ready to accept connections")
    });
}

fn round_postgres(part: &mut Part<'_>) {
    let buffers = 40 + part.chance("buffers", 4_000);
    let wrote = part.around("wrote", 26.9, 40.0);
    part.say(100, |at| postgres(at, 27, "checkpoint starting: time"));
    part.say(800, |at| postgres(at, 27, &format!("checkpoint complete: wrote {buffers} buffers; 0 WAL file(s) added, 0 removed, 1 recycled; write={wrote:.3} s, sync=0.021 s, total={:.3} s", wrote + 0.08)));
}

fn redis(at: Timestamp, text: &str) -> String {
    format!("1:M {} * {text}", at.strftime("%d %b %Y %H:%M:%S.%3f"))
}

fn open_redis(part: &mut Part<'_>) {
    part.say(100, |at| redis(at, "Running mode=standalone, port=6379."));
    part.say(200, |at| redis(at, "Server initialized"));
    part.say(300, |at| redis(at, "Ready to accept connections tcp"));
}

fn round_redis(part: &mut Part<'_>) {
    let changes = 10_000 + part.chance("changes", 9_000);
    let process = 20 + part.number % 30_000;
    part.say(100, |at| {
        redis(at, &format!("{changes} changes in 60 seconds. Saving..."))
    });
    part.say(101, |at| {
        redis(at, &format!("Background saving started by pid {process}"))
    });
    part.say(140, |at| {
        redis(at, "Background saving terminated with success")
    });
}

fn open_dcgm(part: &mut Part<'_>) {
    let line = |at: Timestamp, text: &str| {
        format!(
            "time={} level=INFO msg=\"{text}\"",
            at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        )
    };
    part.say(100, |at| line(at, "Starting dcgm-exporter"));
    part.say(300, |at| line(at, "DCGM successfully initialized!"));
    part.say(500, |at| line(at, "Collecting DCP Metrics"));
    part.say(520, |at| {
        line(
            at,
            "Falling back to metric file '/etc/dcgm-exporter/default-counters.csv'",
        )
    });
    part.say(700, |at| line(at, "Kubernetes metrics collection enabled!"));
    part.say(900, |at| line(at, "Starting webserver"));
    part.say(910, |at| line(at, "Listening on"));
}
