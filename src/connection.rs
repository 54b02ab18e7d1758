//! A client's connection that gives up on a client too slow to send or to take. actix-web has no time-out for bodies, for
//! the heads of later requests, and for clients that do not read; below HTTP one rule each way covers them all.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::patience::Patience;

/// Bytes that are read before what they hold is looked at. Actix makes requests of all that it has read, before it looks how
/// many wait to be answered: of 32 KiB it would make 1,800, which take megabytes.
const MOUTHFUL: usize = 1024;

/// A connection that fails once the client's time is over, which closes it.
pub struct Connection {
    stream: TcpStream,
    patience: Patience,
    /// Whether the last read was a whole mouthful: there may be more.
    full: bool,
    /// Runs from the first byte of a request to the first of an answer.
    request: Deadline,
    /// Runs while what was written has not been taken.
    answer: Deadline,
}

impl Connection {
    /// Takes over an accepted connection.
    #[must_use]
    pub fn new(stream: TcpStream, patience: Patience) -> Self {
        Self {
            stream,
            patience,
            full: false,
            request: Deadline::default(),
            answer: Deadline::default(),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Before reading: who sends without end is never waited for.
        self.request.check(context)?;
        if std::mem::take(&mut self.full) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut bytes = [0; MOUTHFUL];
        let room = buffer.remaining().min(MOUTHFUL);
        let mut bytes = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut bytes))?;
        buffer.put_slice(bytes.filled());
        self.full = bytes.remaining() == 0;
        if !bytes.filled().is_empty() {
            let time = self.patience.request;
            self.request.start(time);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.request.stop();
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_pending() {
            let time = self.patience.answer;
            self.answer.start(time);
            self.answer.check(context)?;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Called when all that there was to write has been taken.
        self.answer.stop();
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A time that may be running.
#[derive(Default)]
struct Deadline(Option<Pin<Box<Sleep>>>);

impl Deadline {
    /// Starts it, unless it is running.
    fn start(&mut self, time: std::time::Duration) {
        self.0.get_or_insert_with(|| Box::pin(sleep(time)));
    }

    fn stop(&mut self) {
        self.0 = None;
    }

    /// Fails once the time is over; until then, sees to it that the task looks here again.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let time = self.0.as_mut();
        if time.is_some_and(|time| time.as_mut().poll(context).is_ready()) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}
