//! Server-sent events, wherever the bytes are cut (WHATWG HTML, 9.2.6 "Interpreting an event stream").

/// The longest event, and the longest line: what is longer is no piece of an answer.
const LONGEST: usize = 4 * 1024 * 1024;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Its kind; mostly empty.
    pub(super) kind: String,
    /// What it holds.
    pub(super) data: String,
}

/// An event or a line that has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// A stream on its way, with the line and the event that have not ended yet.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    /// Whether the last byte ended a line as `\r`: a `\n` after it ends none.
    is_after_return: bool,
    kind: String,
    data: Option<String>,
}

impl Events {
    /// The events that end in `piece`.
    pub(super) fn of(&mut self, piece: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut ended = Vec::new();
        for byte in piece {
            let is_after_return = std::mem::take(&mut self.is_after_return);
            match byte {
                b'\n' if is_after_return => {}
                b'\n' => ended.extend(self.end_line()),
                b'\r' => {
                    self.is_after_return = true;
                    ended.extend(self.end_line());
                }
                _ => self.line.push(*byte),
            }
            let held = self.data.as_ref().map_or(0, String::len);
            if self.line.len() + held > LONGEST {
                return Err(TooLong);
            }
        }
        Ok(ended)
    }

    /// The event that the end of the stream ends. The standard drops it; some servers write their last
    /// one without an empty line.
    pub(super) fn rest(&mut self) -> Vec<Event> {
        let by_line = self.end_line();
        by_line.into_iter().chain(self.end_event()).collect()
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        // Whole lines are decoded, so that no letter is cut.
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}');
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.kind),
            // llama.cpp before 2025 tells of errors in a field of their own.
            "error" => {
                "error".clone_into(&mut self.kind);
                self.data = Some(value.to_owned());
            }
            // Comments keep the connection alive; ids and retries are for readers that come back.
            _ => {}
        }
        None
    }

    fn end_event(&mut self) -> Option<Event> {
        let kind = std::mem::take(&mut self.kind);
        let data = self.data.take()?;
        Some(Event { kind, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(events: &[Event]) -> Vec<&str> {
        events.iter().map(|event| event.data.as_str()).collect()
    }

    #[test]
    fn events_are_found_wherever_the_bytes_are_cut() {
        let stream = "data: {\"a\":\"größe 大小 🙂\"}\n\n: alive\n\ndata: one\r\ndata: two\r\n\r\ndata: [DONE]\n\n";
        let wanted = ["{\"a\":\"größe 大小 🙂\"}", "one\ntwo", "[DONE]"];
        let bytes = stream.as_bytes();
        for cut in 0..bytes.len() {
            let (before, after) = bytes.split_at(cut);
            let mut events = Events::default();
            let mut found = events.of(before).unwrap();
            found.extend(events.of(after).unwrap());
            found.extend(events.rest());
            assert_eq!(data(&found), wanted, "cut at {cut}");
        }
        let mut events = Events::default();
        let mut found = Vec::new();
        for byte in bytes {
            found.extend(events.of(&[*byte]).unwrap());
        }
        assert_eq!(data(&found), wanted);
    }

    #[test]
    fn a_last_event_without_an_empty_line_counts() {
        let mut events = Events::default();
        assert!(events.of(b"data: last").unwrap().is_empty());
        assert_eq!(data(&events.rest()), ["last"]);
        assert!(events.rest().is_empty());
    }

    #[test]
    fn an_error_in_the_stream_has_its_kind() {
        let mut events = Events::default();
        let found = events
            .of(b"event: error\ndata: {\"error\":\"x\"}\n\nerror: {\"message\":\"y\"}\n\n")
            .unwrap();
        assert_eq!(data(&found), ["{\"error\":\"x\"}", "{\"message\":\"y\"}"]);
        assert!(found.iter().all(|event| event.kind == "error"));
    }

    #[test]
    fn a_line_without_end_takes_a_bounded_amount_of_memory() {
        let mut events = Events::default();
        let piece = vec![b'x'; 1024 * 1024];
        let came = (0..8).find(|_| events.of(&piece).is_err());
        assert!(came.is_some());
    }
}
