//! Just enough of HTTP/1.1 to know where a message ends. Bytes are passed on as they came.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// Longest head that is read.
const HEAD_BYTES: usize = 64 * 1024;
/// Longest piece of a body that is passed on at once.
const PIECE_BYTES: usize = 16 * 1024;

/// Head of a request or an answer, with its raw bytes.
pub(super) struct Head {
    /// First line to blank line, as it came.
    pub(super) bytes: Vec<u8>,
    /// Three words of the first line.
    first: Vec<String>,
    framing: Option<Framing>,
    /// True when the sender ends the connection after this message.
    pub(super) close: bool,
}

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is (no more) body.
    Done,
    /// So many bytes to go.
    Length(u64),
    /// Chunked; a size line comes next.
    ChunkSize,
    /// Chunked; so many bytes of a chunk (with its line end) to go.
    ChunkData(u64),
    /// Chunked; trailers up to a blank line.
    Trailers,
    /// Until the connection ends.
    UntilClose,
}

impl Head {
    /// Reads a head; `None` when the connection ended before its first byte.
    pub(super) async fn read<R: AsyncRead + Unpin>(reader: &mut BufReader<R>) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        loop {
            let before = bytes.len();
            let limit = u64::try_from(HEAD_BYTES - before).unwrap_or(0);
            let read = (&mut *reader).take(limit).read_until(b'\n', &mut bytes).await?;
            if read == 0 {
                return if before == 0 { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
            if matches!(&bytes[before..], b"\r\n" | b"\n") && before > 0 {
                return Ok(Some(Self::parse(bytes)));
            }
        }
    }

    /// A request whose body is already behind its head.
    pub(super) fn with_body(bytes: Vec<u8>) -> Self {
        Self { bytes, first: Vec::new(), framing: None, close: false }
    }

    fn parse(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default().split(' ').map(str::to_owned).collect();
        let (mut framing, mut close) = (None, false);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "content-length" if framing.is_none() => framing = value.parse().ok().map(Framing::Length),
                "transfer-encoding" if value.eq_ignore_ascii_case("chunked") => framing = Some(Framing::ChunkSize),
                "connection" => close = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        Self { bytes, first, framing, close }
    }

    /// Path and query of a request.
    pub(super) fn path(&self) -> &str {
        self.first.get(1).map_or("", String::as_str)
    }

    /// Method of a request.
    pub(super) fn method(&self) -> &str {
        self.first.first().map_or("", String::as_str)
    }

    /// Status of an answer; 0 when there is none.
    pub(super) fn status(&self) -> u16 {
        self.first.get(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// Where the body of this request ends.
    pub(super) fn request_body(&self) -> Framing {
        self.framing.unwrap_or(Framing::Done)
    }

    /// Where the body of this answer ends (RFC 9112 §6.3).
    pub(super) fn answer_body(&self, method: &str) -> Framing {
        if method.eq_ignore_ascii_case("HEAD") || matches!(self.status(), 100..=199 | 204 | 304) {
            return Framing::Done;
        }
        self.framing.unwrap_or(Framing::UntilClose)
    }
}

impl Framing {
    /// The next piece of the body, as it came; `None` at its end.
    pub(super) async fn next<R: AsyncRead + Unpin>(
        &mut self,
        reader: &mut BufReader<R>,
    ) -> io::Result<Option<Vec<u8>>> {
        match *self {
            Self::Done | Self::Length(0) => Ok(None),
            Self::Length(left) => {
                let piece = some(reader, left).await?;
                *self = Self::Length(left - length(&piece));
                Ok(Some(piece))
            }
            Self::ChunkSize => {
                let line = line(reader).await?;
                let digits = String::from_utf8_lossy(&line);
                let size = digits.split([';', '\r', '\n']).next().unwrap_or_default().trim();
                let size = u64::from_str_radix(size, 16).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
                *self = if size == 0 { Self::Trailers } else { Self::ChunkData(size + 2) };
                Ok(Some(line))
            }
            Self::ChunkData(left) => {
                let piece = some(reader, left).await?;
                let left = left - length(&piece);
                *self = if left == 0 { Self::ChunkSize } else { Self::ChunkData(left) };
                Ok(Some(piece))
            }
            Self::Trailers => {
                let line = line(reader).await?;
                if matches!(line.as_slice(), b"\r\n" | b"\n") {
                    *self = Self::Done;
                }
                Ok(Some(line))
            }
            Self::UntilClose => {
                let available = reader.fill_buf().await?;
                let piece = available[..available.len().min(PIECE_BYTES)].to_vec();
                reader.consume(piece.len());
                if piece.is_empty() {
                    *self = Self::Done;
                    return Ok(None);
                }
                Ok(Some(piece))
            }
        }
    }
}

fn length(piece: &[u8]) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

async fn line<R: AsyncBufRead + Unpin>(reader: &mut R) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line)
}

async fn some<R: AsyncBufRead + Unpin>(reader: &mut R, most: u64) -> io::Result<Vec<u8>> {
    let available = reader.fill_buf().await?;
    if available.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let count = usize::try_from(most).unwrap_or(usize::MAX).min(available.len()).min(PIECE_BYTES);
    let piece = available[..count].to_vec();
    reader.consume(count);
    Ok(piece)
}

/// A complete answer of the proxy's own, after which the connection ends.
pub(super) fn own_answer(status: &str, headers: &str, html: &str) -> Vec<u8> {
    let length = html.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-type: text/html; charset=utf-8\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{html}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn whole(message: &str, answer_to: Option<&str>) -> (Head, String, String) {
        let mut reader = BufReader::new(message.as_bytes());
        let head = Head::read(&mut reader).await.unwrap().unwrap();
        let mut framing = answer_to.map_or_else(|| head.request_body(), |method| head.answer_body(method));
        let mut body = Vec::new();
        while let Some(piece) = framing.next(&mut reader).await.unwrap() {
            body.extend(piece);
        }
        let mut rest = String::new();
        reader.read_to_string(&mut rest).await.unwrap();
        (head, String::from_utf8(body).unwrap(), rest)
    }

    #[tokio::test]
    async fn bodies_end_where_they_end() {
        let cases = [
            ("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET", None, "abc", "GET"),
            ("GET /a HTTP/1.1\r\nhost: x\r\n\r\nGET", None, "", "GET"),
            (
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx: y\r\n\r\nGET",
                None,
                "2\r\nab\r\n0\r\nx: y\r\n\r\n",
                "GET",
            ),
            ("HTTP/1.1 204 No Content\r\n\r\nnext", Some("GET"), "", "next"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext", Some("HEAD"), "", "next"),
            ("HTTP/1.1 200 OK\r\n\r\nuntil the end", Some("GET"), "until the end", ""),
        ];
        for (message, answer_to, body, rest) in cases {
            let (_, found, left) = whole(message, answer_to).await;
            assert_eq!((found.as_str(), left.as_str()), (body, rest), "{message}");
        }
    }

    #[tokio::test]
    async fn heads_tell_method_path_status_and_close() {
        let (head, ..) = whole("GET /x?y=1 HTTP/1.1\r\nConnection: close\r\n\r\n", None).await;
        assert_eq!((head.method(), head.path(), head.close), ("GET", "/x?y=1", true));
        let (head, ..) = whole("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", Some("GET")).await;
        assert_eq!((head.status(), head.close), (503, false));
    }

    #[tokio::test]
    async fn half_a_head_is_an_error_and_none_is_none() {
        let mut reader = BufReader::new("GET / HTT".as_bytes());
        assert!(Head::read(&mut reader).await.is_err());
        let mut reader = BufReader::new("".as_bytes());
        assert!(Head::read(&mut reader).await.unwrap().is_none());
    }
}
