//! The real program in a process of its own, so that it can be told to stop, and killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Long enough for a machine that does other things too; nothing here waits for it in the good case.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What cargo built of `server/src/main.rs` together with this test, or the program that XIANGHE_BIN names.
fn program() -> PathBuf {
    std::env::var_os("XIANGHE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_xianghe-under-test").into(), PathBuf::from)
}

fn command(words: &[&str], data: &Path) -> Command {
    let mut command = Command::new(program());
    // What this machine has set for an installation of its own must not reach the test.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("XIANGHE_")) {
        command.env_remove(name);
    }
    command.arg(words[0]).arg("--data").arg(data).args(&words[1..]).stdin(Stdio::null());
    command
}

/// Runs one command to its end: `words` without `--data`, which is put after the first.
pub async fn run(words: &[&str], data: &Path) -> Output {
    let mut command = command(words, data);
    tokio::task::spawn_blocking(move || command.output().expect("the program runs")).await.expect("runs")
}

/// Everything that a command said.
pub fn said(output: &Output) -> String {
    format!("{}\n{}{}", output.status, String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A running `xianghe serve`.
pub struct Program {
    /// Its address.
    pub url: String,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // libtest shows this where the test failed, and nowhere else.
        print!("{}", self.log());
    }
}

impl Program {
    /// Serves a data folder on a free port with the request limits off.
    pub async fn serve(data: &Path) -> Self {
        let mut command = command(&["serve", "--listen", "127.0.0.1:0", "--no-limits"], data);
        tokio::task::spawn_blocking(move || Self::spawn(&mut command)).await.expect("runs")
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = channel();
        listen(child.stdout.take().expect("a pipe"), log.clone(), Some(tell));
        listen(child.stderr.take().expect("a pipe"), log.clone(), None);
        let mut program = Self { url: String::new(), child, log };
        program.url = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the program does not say where it is: {}", program.log()));
        program
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// SIGKILL: nothing of the program runs any more, and nothing that it held in memory is left.
    pub fn kill(mut self) {
        self.child.kill().expect("is killed");
        self.child.wait().expect("is gone");
    }

    /// SIGTERM, as an administrator or systemd sends it.
    pub fn tell_to_stop(&self) {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().expect("a shell");
        assert!(told.success(), "{told}");
    }

    /// Waits until it has said something.
    pub async fn until_said(&self, words: &str) {
        let from = Instant::now();
        while !self.log().contains(words) {
            assert!(from.elapsed() < PATIENCE, "it never said {words:?}: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for it to end by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let from = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(from.elapsed() < PATIENCE, "it does not end: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Tells it to stop and waits until it has, in good order.
    pub async fn stop(mut self) {
        // It says where it is a moment before it listens for signals.
        let answer = reqwest::get(format!("{}/healthz", self.url)).await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        self.tell_to_stop();
        let status = self.ended().await;
        assert!(status.success(), "{status}: {}", self.log());
    }
}

/// Reads a pipe to its end, so that the program never waits for a reader, and tells the address when it comes.
fn listen(pipe: impl std::io::Read + Send + 'static, log: Arc<Mutex<String>>, mut tell: Option<Sender<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if let Some((_, url)) = line.split_once(" is at http://")
                && let Some(tell) = tell.take()
            {
                let _ = tell.send(format!("http://{url}"));
            }
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
        }
    });
}
