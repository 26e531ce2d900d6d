use tokio::io::AsyncWriteExt as _;

use super::*;

fn headers(kind: &str) -> Vec<(String, String)> {
    vec![
        ("streamtype".to_owned(), kind.to_owned()),
        ("port".to_owned(), "8080".to_owned()),
    ]
}

#[tokio::test]
async fn streams_carry_data_in_both_directions() {
    let (mut client, server) = tokio::io::duplex(4096);
    let mut streams = serve(server);
    let mut deflater = Deflater::new().unwrap();
    let mut inflater = Inflater::new();
    for (stream, kind) in [(1, "error"), (3, "data")] {
        let open = Frame::Open {
            stream,
            is_last: false,
            headers: headers(kind),
        };
        let bytes = open.write(&mut deflater).unwrap();
        client.write_all(&bytes).await.unwrap();
        let reply = read(&mut client, &mut inflater).await.unwrap();
        assert_eq!(reply, Some(Frame::Reply { stream }));
        let mut opened = streams.recv().await.unwrap();
        assert_eq!((opened.id, opened.header("streamtype")), (stream, kind));
        let data = Frame::Data {
            stream,
            is_last: true,
            bytes: Bytes::from_static(b"there"),
        };
        let bytes = data.write(&mut deflater).unwrap();
        client.write_all(&bytes).await.unwrap();
        assert_eq!(opened.data.recv().await.unwrap(), "there");
        assert_eq!(opened.data.recv().await, None);
        assert!(opened.sender.send(Bytes::from_static(b"back")).await);
        let back = read(&mut client, &mut inflater).await.unwrap();
        let expected = Frame::Data {
            stream,
            is_last: false,
            bytes: Bytes::from_static(b"back"),
        };
        assert_eq!(back, Some(expected));
    }
}

#[tokio::test]
async fn a_ping_is_answered() {
    let (mut client, server) = tokio::io::duplex(4096);
    let _streams = serve(server);
    let ping = Frame::Ping { id: 7 };
    let bytes = ping.write(&mut Deflater::new().unwrap()).unwrap();
    client.write_all(&bytes).await.unwrap();
    let answer = read(&mut client, &mut Inflater::new()).await.unwrap();
    assert_eq!(answer, Some(ping));
}
