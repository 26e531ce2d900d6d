//! What keeps history from being written.

macro_rules! history {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            HistoryFull: "No room is left on the disk of {file}: free some", "{file} 所在的磁盘已无空间：请释放一些空间";
            HistoryUnwritable: "{file} cannot be written: {message}", "无法写入 {file}：{message}";
        ] $($after)* }
    };
}
