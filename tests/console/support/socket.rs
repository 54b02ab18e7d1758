//! A bare connection, for clients that no HTTP library lets one be.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Long enough for everything that is to happen, on any machine.
const AT_MOST: Duration = Duration::from_secs(30);

/// A connection to the server. What is written is on its way at once; nothing is read unless asked for.
pub struct Socket(TcpStream);

impl Socket {
    pub async fn open(address: &str) -> Self {
        let address = address.trim_start_matches("http://");
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Opens one, and sends this.
    pub async fn send(address: &str, text: &str) -> Self {
        let socket = Self::open(address).await;
        assert!(socket.write(text.as_bytes()).await);
        socket
    }

    /// Writes all of it; answers whether the server still took it.
    pub async fn write(&self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            self.0.writable().await.unwrap();
            match self.0.try_write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
        }
        true
    }

    /// Takes what the server has sent so far; answers it, and whether the connection is still open.
    pub fn take(&self) -> (String, bool) {
        let (mut text, mut buffer) = (String::new(), [0; 65536]);
        loop {
            match self.0.try_read(&mut buffer) {
                Ok(0) => return (text, false),
                Ok(count) => text += &String::from_utf8_lossy(&buffer[..count]),
                Err(error) => return (text, error.kind() == ErrorKind::WouldBlock),
            }
        }
    }

    /// Reads until a text has come.
    pub async fn read_until(&self, wanted: &str) -> String {
        let mut all = String::new();
        let read = async {
            while !all.contains(wanted) {
                self.0.readable().await.unwrap();
                let (text, open) = self.take();
                all += &text;
                assert!(open || all.contains(wanted), "closed after: {all}");
            }
        };
        let read = timeout(AT_MOST, read).await;
        read.unwrap_or_else(|_| panic!("no {wanted}"));
        all
    }

    /// Sends this again and again, a little every 20 ms, until the server closes the connection; answers what it sent.
    pub async fn trickle(&self, text: &str) -> String {
        let mut all = String::new();
        let trickle = async {
            loop {
                let (text_so_far, open) = self.take();
                all += &text_so_far;
                if !open || !self.write(text.as_bytes()).await {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        let closed = timeout(AT_MOST, trickle).await;
        closed.expect("the server waits for ever");
        all
    }

    /// Sends this again and again, as fast as it is taken, and reads nothing, until the server closes the connection.
    pub async fn flood(&self, text: &str) {
        let flood = async { while self.write(text.as_bytes()).await {} };
        let closed = timeout(AT_MOST, flood).await;
        closed.expect("the server waits for ever");
    }
}
