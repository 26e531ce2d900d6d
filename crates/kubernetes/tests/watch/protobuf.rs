//! Protobuf, where the server answers so.

use bytes::Bytes;
use strata_ports::cluster::WatchPlan;

use crate::{
    server::{Kind, Server},
    view::{View, group_kind},
};

#[tokio::test(start_paused = true)]
async fn protobuf_is_read_where_the_server_answers_so() {
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/kubernetes/pods.pb"
    );
    let list = Bytes::from(std::fs::read(fixture).unwrap());
    let server = Server::serving(&[Kind::NODES, Kind::PODS]);
    let protobuf = "application/vnd.kubernetes.protobuf";
    server.record(&Kind::PODS, protobuf, without_token(&list));
    let mut view = View::of(&server, WatchPlan::default());
    view.until("six pods", |view| {
        view.names(&Kind::PODS).len() == 6 && view.is_live(&Kind::PODS)
    })
    .await;
    let pods = group_kind(&Kind::PODS);
    view.until("a watch", |_| server.open_watches() == 2).await;

    let frame = deleted_in_protobuf("a1", "d87c3b93-6b99-4963-b254-2618beeb1a82", "138500");
    server.send_raw(&Kind::PODS, &frame.slice(..7));
    server.send_raw(&Kind::PODS, &frame.slice(7..));
    view.until("five pods", |view| view.names(&Kind::PODS).len() == 5)
        .await;
    assert_eq!(
        view.heard[&pods].0,
        (without_token(&list).len() + frame.len()) as u64
    );
}

/// A field of a protobuf message that holds bytes.
fn field(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut field = vec![tag << 3 | 2];
    prost::encode_length_delimiter(value.len(), &mut field).unwrap();
    field.extend_from_slice(value);
    field
}

/// The recorded list is the first page of many; as the only page it has no token.
fn without_token(list: &Bytes) -> Bytes {
    let token = list.windows(3).position(|bytes| bytes == b"eyJ").unwrap();
    let mut list = list.to_vec();
    // The field's number becomes one that nobody declares.
    assert_eq!(list[token - 2], 3 << 3 | 2);
    list[token - 2] = 15 << 3 | 2;
    list.into()
}

fn deleted_in_protobuf(name: &str, uid: &str, version: &str) -> Bytes {
    let metadata = [
        field(1, name.as_bytes()),
        field(5, uid.as_bytes()),
        field(6, version.as_bytes()),
    ]
    .concat();
    let pod = field(1, &metadata);
    let object = [b"k8s\0".to_vec(), field(2, &pod)].concat();
    let event = [field(1, b"DELETED"), field(2, &field(1, &object))].concat();
    [
        &u32::try_from(event.len()).unwrap().to_be_bytes()[..],
        &event,
    ]
    .concat()
    .into()
}
