//! Data as lines of hexadecimal numbers: where a line begins, its bytes, and those of them that are printable ASCII.

use std::fmt::Write as _;

/// How many bytes a line has.
pub const WIDTH: usize = 16;

/// How many lines the data has.
pub const fn lines(data: &[u8]) -> usize {
    data.len().div_ceil(WIDTH)
}

/// A line by its index; empty where there is none.
pub fn line(data: &[u8], index: usize) -> String {
    let Some(bytes) = data.chunks(WIDTH).nth(index) else { return String::new() };
    let mut line = format!("{:08x} ", index * WIDTH);
    for at in 0..WIDTH {
        let gap = if at % 8 == 0 { "  " } else { " " };
        let _ = match bytes.get(at) {
            Some(byte) => write!(line, "{gap}{byte:02x}"),
            None => write!(line, "{gap}  "),
        };
    }
    let printable = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
    let ascii: String = bytes.iter().map(printable).collect();
    let _ = write!(line, "  |{ascii}|");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_offset_its_bytes_and_its_characters() {
        let data: Vec<u8> = (0x38..0x4a).chain([0, 0xff]).collect();
        assert_eq!(lines(&data), 2);
        assert_eq!(line(&data, 0), "00000000   38 39 3a 3b 3c 3d 3e 3f  40 41 42 43 44 45 46 47  |89:;<=>?@ABCDEFG|");
        let last = line(&data, 1);
        assert!(last.starts_with("00000010   48 49 00 ff ") && last.ends_with("  |HI..|"), "{last}");
        assert_eq!(last.find('|'), line(&data, 0).find('|'));
        assert_eq!((lines(&[]), line(&[], 0), line(&data, 2)), (0, String::new(), String::new()));
    }
}
