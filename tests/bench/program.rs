//! The program under load: the release build, as a process of its own, so that its memory is its own.

use anyhow::{Context, Result, bail, ensure};
use axum::http::HeaderMap;
use bytes::Bytes;
use harness::town::SECRET;
use harness::{Home, Server};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running program.
#[derive(Debug)]
pub struct Program {
    /// Its address.
    pub url: String,
    child: Child,
}

/// An answer as it came over the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The headers that a handler sets.
    pub headers: HeaderMap,
    /// The body, compressed as it came.
    pub body: Bytes,
}

fn built(variable: &str, beside: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    let here = std::env::current_exe()?;
    Ok(here.parent().context("the bench lies in a folder")?.join(beside))
}

impl Program {
    /// Starts it on the database of `server`.
    ///
    /// # Errors
    /// When the program is not built or does not start.
    pub async fn start(server: &Server) -> Result<Self> {
        let program = built("XIANGHE_BIN", "xianghe")?;
        ensure!(program.exists(), "{} is not there: run `make bench`", program.display());
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--no-limits", "--data"])
            .arg(server.data.path())
            .args(["--database", &server.database])
            .arg("--site")
            .arg(built("XIANGHE_SITE", "../site")?)
            .env("XIANGHE_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        BufReader::new(child.stdout.take().context("its output")?).read_line(&mut said)?;
        let Some(url) = said.split("is at ").nth(1) else { bail!("the program said {said:?}") };
        Ok(Self { url: url.trim().to_owned(), child })
    }

    /// Reads a page as a browser asks for it.
    ///
    /// # Errors
    /// When the answer is not 200.
    pub async fn fetch(&self, path: &str) -> Result<Answer> {
        let answer = reqwest::Client::new().get(format!("{}{path}", self.url)).header("accept-encoding", "gzip, deflate, br, zstd").send().await?;
        ensure!(answer.status() == 200, "{path} answers {}", answer.status());
        let mut headers = answer.headers().clone();
        for set_by_the_server in ["content-length", "transfer-encoding", "date", "connection"] {
            headers.remove(set_by_the_server);
        }
        Ok(Answer { headers, body: answer.bytes().await? })
    }

    /// Signs an owner in; the answer is the cookie.
    ///
    /// # Errors
    /// When the sign-in is refused.
    pub async fn sign_in(&self, home: &Home) -> Result<String> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let phone = &home.who(app::rooms::people::model::Role::Owner).phone;
        let answer = client.post(format!("{}/sign-in", self.url)).form(&[("phone", phone.as_str()), ("secret", SECRET), ("back", "/")]).send().await?;
        let cookies: Vec<&str> = answer.headers().get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()?.split(';').next()).collect();
        ensure!(answer.status() == 303 && !cookies.is_empty(), "the sign-in answers {}", answer.status());
        Ok(cookies.join("; "))
    }

    /// Stops it; the answer is the most memory that it ever held, in MB.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn stop(mut self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("VmHWM")?;
        self.child.kill()?;
        self.child.wait()?;
        Ok(peak.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
