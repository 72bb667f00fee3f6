//! The load generator: wrk on four connections.

use anyhow::{Context, Result, ensure};
use app::rooms::people::model::Role;
use harness::Home;
use serde::Serialize;
use std::path::PathBuf;
use std::process::Command;

/// What wrk found.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers took at most this long.
    pub p50_ms: f64,
    /// All but a hundredth took at most this long.
    pub p99_ms: f64,
    /// Answers altogether.
    pub requests: u64,
}

/// What is sent, and for how long.
#[derive(Debug)]
pub struct Load {
    url: String,
    seconds: u32,
    script: Option<tempfile::NamedTempFile>,
}

/// Sends a new report with each request: the id is a UUIDv7 as a browser makes it.
const SCRIPT: &str = r#"
local started = os.time() * 1000
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "multipart/form-data; boundary=xianghe"
wrk.headers["Cookie"] = "@cookie"
local function field(name, value)
  return "--xianghe\r\nContent-Disposition: form-data; name=\"" .. name .. "\"\r\n\r\n" .. value .. "\r\n"
end
local fixed = field("tag", "@tag") .. field("place", "@place") .. field("community", "@community") .. field("category", "facility")
request = function()
  n = n + 1
  local ms = started + math.floor(n / 4)
  local id = string.format("%08x-%04x-7%03x-8%03x-%012x", math.floor(ms / 65536), ms % 65536, n % 4096, math.random(0, 4095), math.random(0, 281474976710655))
  return wrk.format(nil, nil, nil, field("id", id) .. fixed .. field("text", "第 " .. n .. " 张椅子的螺丝松了") .. "--xianghe--\r\n")
end
"#;

/// Sends a hundred new reports with each request, as a phone does that was without a network.
const QUEUE: &str = r#"
local started = os.time() * 1000
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Cookie"] = "@cookie"
local fixed = '","account":"@account","membership":"@membership","community":"@community","person":null,"app_version":"bench","client_time":1,' ..
  '"kind":"ticket.report.v1","payload":{"tag":"@tag","place":null,"category":"facility","photos":[],"contact":null,"text":"第 '
request = function()
  local all = {}
  for i = 1, @batch do
    n = n + 1
    local ms = started + math.floor(n / 4)
    local id = string.format("%08x-%04x-7%03x-8%03x-%012x", math.floor(ms / 65536), ms % 65536, n % 4096, math.random(0, 4095), math.random(0, 281474976710655))
    all[i] = '{"id":"' .. id .. fixed .. n .. ' 盏路灯不亮了"}}'
  end
  return wrk.format(nil, nil, nil, '{"envelopes":[' .. table.concat(all, ",") .. "]}")
end
"#;

/// Says how to install wrk where it is missing.
///
/// # Errors
/// When it is missing.
pub fn need_wrk() -> Result<()> {
    Command::new("wrk").arg("-v").output().map(|_| ()).context("wrk is missing: apt-get install wrk")
}

impl Load {
    /// Reads a page again and again, as a browser asks for it.
    pub fn get(url: &str, seconds: u32) -> Self {
        Self { url: url.to_owned(), seconds, script: None }
    }

    /// Sends reports of a signed-in resident.
    ///
    /// # Errors
    /// When the script cannot be written.
    pub fn create(base: &str, cookie: &str, home: &Home, seconds: u32) -> Result<Self> {
        let script = tempfile::NamedTempFile::new()?;
        let text = SCRIPT.replace("@cookie", cookie).replace("@tag", &home.tag).replace("@place", &home.place.to_string()).replace("@community", &home.id.to_string());
        std::fs::write(script.path(), text)?;
        Ok(Self { url: format!("{base}/forms/report"), seconds, script: Some(script) })
    }

    /// Sends batches of `batch` reports of a signed-in resident to the sync API.
    ///
    /// # Errors
    /// When the script cannot be written.
    pub fn sync(base: &str, cookie: &str, home: &Home, batch: usize, seconds: u32) -> Result<Self> {
        let script = tempfile::NamedTempFile::new()?;
        let owner = home.who(Role::Owner);
        let text = QUEUE
            .replace("@cookie", cookie)
            .replace("@account", &owner.account.to_string())
            .replace("@membership", &owner.membership.to_string())
            .replace("@community", &home.id.to_string())
            .replace("@tag", &home.tag)
            .replace("@batch", &batch.to_string());
        std::fs::write(script.path(), text)?;
        Ok(Self { url: format!("{base}/api/v1/sync"), seconds, script: Some(script) })
    }

    /// Runs it.
    ///
    /// # Errors
    /// When wrk fails or any answer was an error.
    pub fn run(self) -> Result<Measured> {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-c4", "--latency", &format!("-d{}s", self.seconds), "-H", "Accept-Encoding: gzip, deflate, br, zstd", "-H", "Accept-Language: zh-CN"]);
        if let Some(script) = &self.script {
            wrk.args([PathBuf::from("-s"), script.path().to_owned()]);
        }
        let out = wrk.arg(&self.url).output()?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        ensure!(out.status.success() && !text.contains("Non-2xx") && !text.contains("Socket errors"), "{}: {text}", self.url);
        let after = |mark: &str| text.lines().find_map(|l| l.trim().strip_prefix(mark)?.split_whitespace().next()).with_context(|| format!("wrk said {text}"));
        Ok(Measured {
            per_second: after("Requests/sec:")?.parse()?,
            p50_ms: milliseconds(after("50%")?)?,
            p99_ms: milliseconds(after("99%")?)?,
            requests: text.lines().find(|l| l.contains("requests in")).and_then(|l| l.split_whitespace().next()).context("requests")?.parse()?,
        })
    }
}

/// `812.00us`, `1.20ms`, `2.00s`.
fn milliseconds(text: &str) -> Result<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor))).with_context(|| format!("a time: {text}"))?;
    Ok(number.parse::<f64>()? * factor)
}
