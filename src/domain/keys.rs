//! The installation's key and what is derived from it: digests, sealing, cookies, list positions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::RngCore as _;
use sha2::Sha256;

const NONCE: usize = 24;

/// Keys derived from the installation's key by HKDF-SHA256 (RFC 5869), one per use.
#[derive(Clone)]
pub struct Keys {
    digest: [u8; 32],
    seal: [u8; 32],
    cookie: [u8; 64],
}

impl Keys {
    /// Derives every key from the installation's 32 bytes, once, at start.
    ///
    /// # Panics
    /// Never: HKDF gives up to 255 blocks, and these are two. A failure passed over would leave a key of zeros.
    #[must_use]
    pub fn derive(master: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, master);
        let mut keys = Self {
            digest: [0; 32],
            seal: [0; 32],
            cookie: [0; 64],
        };
        for (label, output) in [
            ("digest", keys.digest.as_mut_slice()),
            ("seal", keys.seal.as_mut_slice()),
            ("cookie", keys.cookie.as_mut_slice()),
        ] {
            #[expect(clippy::expect_used, reason = "runs once, at start")]
            hkdf.expand(label.as_bytes(), output)
                .expect("HKDF gives up to 255 blocks; these are two");
        }
        keys
    }

    /// The key of signed and private cookies.
    #[must_use]
    pub fn cookie(&self) -> &[u8; 64] {
        &self.cookie
    }

    /// What a database is bound to these keys by: 64 hex digits that tell nothing about them.
    #[must_use]
    pub fn check(&self) -> String {
        self.digest("installation", "")
    }

    /// A keyed digest (HMAC-SHA256, hex): finds a secret or token without storing it.
    #[must_use]
    pub fn digest(&self, purpose: &str, secret: &str) -> String {
        let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(&self.digest) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(secret.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Seals `plain` for `purpose` (XChaCha20-Poly1305), as URL-safe text.
    #[must_use]
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> String {
        let mut sealed = vec![0; NONCE];
        rand::rng().fill_bytes(&mut sealed);
        let cipher = XChaCha20Poly1305::new((&self.seal).into());
        let payload = Payload {
            msg: plain,
            aad: purpose.as_bytes(),
        };
        match cipher.encrypt(XNonce::from_slice(&sealed), payload) {
            Ok(text) => sealed.extend(text),
            Err(_) => unreachable!("fails only beyond 256 GiB"),
        }
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens what [`Keys::seal`] made for the same purpose; `None` for anything else.
    #[must_use]
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, text) = bytes.split_at_checked(NONCE)?;
        let cipher = XChaCha20Poly1305::new((&self.seal).into());
        cipher
            .decrypt(
                XNonce::from_slice(nonce),
                Payload {
                    msg: text,
                    aad: purpose.as_bytes(),
                },
            )
            .ok()
    }
}

/// `N` random bytes from a generator that the operating system seeds.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
