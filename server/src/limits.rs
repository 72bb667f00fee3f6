//! Request limits by address, account, tag and household. A refusal says how many seconds to wait.

use app::error::AppError;
use axum::http::HeaderMap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The limits of one server.
#[derive(Clone, Debug)]
pub struct Limits {
    on: bool,
    trusted: Arc<Vec<IpAddr>>,
    changes: Arc<DefaultKeyedRateLimiter<String>>,
    reports: Arc<DefaultKeyedRateLimiter<String>>,
    sign_ins: Arc<DefaultKeyedRateLimiter<String>>,
    synced: Arc<DefaultKeyedRateLimiter<String>>,
    photos: Arc<DefaultKeyedRateLimiter<String>>,
    strangers_photos: Arc<DefaultKeyedRateLimiter<String>>,
}

fn limiter(burst: u32, every: Duration) -> Arc<DefaultKeyedRateLimiter<String>> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(every).unwrap_or_else(|| Quota::per_minute(burst)).allow_burst(burst);
    Arc::new(RateLimiter::keyed(quota))
}

impl Limits {
    /// The usual limits; `on = false` switches them off for measuring.
    pub fn new(on: bool, trusted: Vec<IpAddr>) -> Self {
        Self {
            on,
            trusted: Arc::new(trusted),
            changes: limiter(120, Duration::from_millis(500)),
            reports: limiter(30, Duration::from_secs(20)),
            sign_ins: limiter(20, Duration::from_secs(6)),
            // A day's work of somebody who was without a network.
            synced: limiter(600, Duration::from_secs(1)),
            photos: limiter(240, Duration::from_millis(500)),
            strangers_photos: limiter(12, Duration::from_secs(60)),
        }
    }

    /// Where a request comes from. A forwarded address is believed only from a configured proxy, and then the last
    /// one that is no proxy itself: everything before it can be invented by the sender. See [`network`].
    pub fn address(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.ip().to_canonical();
        if !self.trusted.contains(&peer) {
            return network(peer);
        }
        let sender = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            .map(|ip| ip.to_canonical())
            .rfind(|ip| !self.trusted.contains(ip))
            .unwrap_or(peer);
        network(sender)
    }

    fn check(&self, limiter: &DefaultKeyedRateLimiter<String>, key: String) -> Result<(), AppError> {
        if !self.on {
            return Ok(());
        }
        limiter.check_key(&key).map_err(|wait| AppError::TooMany { retry_after: wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1 })
    }

    /// Any change, by address or account.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn change(&self, key: &str) -> Result<(), AppError> {
        self.check(&self.changes, key.to_owned())
    }

    /// A report, by each of address, tag and household.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn report(&self, keys: &[String]) -> Result<(), AppError> {
        keys.iter().try_for_each(|key| self.check(&self.reports, key.clone()))
    }

    /// An envelope that waited on somebody's own phone, by account.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn synced(&self, account: &str) -> Result<(), AppError> {
        self.check(&self.synced, account.to_owned())
    }

    /// A try to sign in or to use a letter, by address.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn sign_in(&self, address: IpAddr) -> Result<(), AppError> {
        self.check(&self.sign_ins, address.to_string())
    }

    /// A photo, by address; fewer from somebody whom nobody knows.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn photo(&self, address: IpAddr, known: bool) -> Result<(), AppError> {
        self.check(if known { &self.photos } else { &self.strangers_photos }, address.to_string())
    }

    /// Forgets keys that have not been seen for a while, so that memory stays bounded.
    pub fn forget(&self) {
        for limiter in [&self.changes, &self.reports, &self.sign_ins, &self.synced, &self.photos, &self.strangers_photos] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Whom an address counts for: an IPv6 line has a whole /64 to itself, so that each address in it is the same sender.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_is_believed_only_from_a_known_proxy() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
        let limits = Limits::new(true, vec![proxy]);
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.1.1.1, 2.2.2.2, 10.0.0.1".parse().expect("a header"));
        let from = |peer: &str| limits.address(peer.parse().expect("a socket address"), &headers).to_string();
        assert_eq!(from("10.0.0.1:80"), "2.2.2.2");
        assert_eq!(from("9.9.9.9:80"), "9.9.9.9");
        assert_eq!(from("[::ffff:10.0.0.1]:80"), "2.2.2.2");
        assert_eq!(from("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::", "an IPv6 line is one sender");
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let limits = Limits::new(true, vec![]);
        let address: IpAddr = "9.9.9.9".parse().expect("an address");
        let refused = (0..30).find_map(|_| limits.sign_in(address).err());
        assert!(matches!(refused, Some(AppError::TooMany { retry_after: 1..=7 })), "{refused:?}");
    }
}
