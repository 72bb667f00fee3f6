//! What each chat program wants to be told, and how it is signed.

use super::model::{Line, RobotKind};
use crate::context::internal;
use crate::error::AppError;
use crate::measure::Time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A request to a robot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where it goes.
    pub address: String,
    /// Its body, JSON.
    pub body: Value,
}

/// The request that says `line` to a robot at `now`.
///
/// DingTalk signs `timestamp\nsecret` with the secret and carries both in the address; Feishu uses `timestamp\nsecret` as
/// the key over nothing and carries both in the body; WeCom's address is its only secret.
///
/// # Errors
/// [`AppError::Internal`] when the key cannot be used.
pub fn request(kind: RobotKind, address: &str, secret: &str, line: &Line, now: Time) -> Result<Request, AppError> {
    let mut address = address.to_owned();
    let linked = if line.link.is_empty() { String::new() } else { format!("\n\n[查看 / Open]({})", line.link) };
    let markdown = format!("**{}**\n\n{}{linked}", line.title, line.text);
    let body = match kind {
        RobotKind::Wecom => json!({ "msgtype": "markdown", "markdown": { "content": markdown } }),
        RobotKind::Dingtalk => {
            if !secret.is_empty() {
                let signed = sign(secret, &format!("{}\n{secret}", now.0))?;
                let sign = signed.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
                address = format!("{address}{}timestamp={}&sign={sign}", if address.contains('?') { "&" } else { "?" }, now.0);
            }
            json!({ "msgtype": "markdown", "markdown": { "title": line.title, "text": markdown } })
        }
        RobotKind::Feishu => {
            let words = [line.title.as_str(), line.text.as_str(), line.link.as_str()].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join("\n");
            let mut body = json!({ "msg_type": "text", "content": { "text": words } });
            if !secret.is_empty() {
                let seconds = now.0 / 1_000;
                body["timestamp"] = json!(seconds.to_string());
                body["sign"] = json!(sign(&format!("{seconds}\n{secret}"), "")?);
            }
            body
        }
    };
    Ok(Request { address, body })
}

fn sign(key: &str, words: &str) -> Result<String, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(internal)?;
    mac.update(words.as_bytes());
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

/// What a robot's answer means: taken, or why not, in the chat program's own words (at most 200 characters).
///
/// # Errors
/// The reason.
pub fn taken(kind: RobotKind, status: u16, body: &str) -> Result<(), String> {
    let answer: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let (code, words) = match kind {
        RobotKind::Wecom | RobotKind::Dingtalk => (answer.get("errcode"), answer.get("errmsg")),
        RobotKind::Feishu => (answer.get("code").or_else(|| answer.get("StatusCode")), answer.get("msg").or_else(|| answer.get("StatusMessage"))),
    };
    if (200..300).contains(&status) && code.and_then(Value::as_i64) == Some(0) {
        return Ok(());
    }
    let words = words.and_then(Value::as_str).unwrap_or_default();
    let code = code.map(Value::to_string).unwrap_or_default();
    Err(format!("HTTP {status} {code} {words}").split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DINGTALK: &str = "s70k7%2FiqeFJrhlEAPSnI9WrGLqC5YHz9Hg5m2rQkeQk%3D";
    const FEISHU: &str = "k6Gl/pMDkwuD7w7ZO9/pSmi1y5b/D4+oOlX/VGXpUyE=";

    fn line() -> Line {
        Line { title: "超时督办".into(), text: "编号 3F7K 中心广场 照明".into(), link: "https://x.example/c/here/t/3F7K".into() }
    }

    #[test]
    fn dingtalk_carries_its_signature_in_the_address() {
        // The worked value: HMAC-SHA256("SECabc", "1800000000000\nSECabc"), made with openssl.
        let made = request(RobotKind::Dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=t", "SECabc", &line(), Time(1_800_000_000_000)).expect("made");
        assert_eq!(made.address, format!("https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1800000000000&sign={DINGTALK}"));
        assert!(made.body["markdown"]["text"].as_str().is_some_and(|t| t.contains("3F7K") && t.contains("https://x.example")));
        let bare = request(RobotKind::Dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=t", "", &line(), Time(1)).expect("made");
        assert_eq!(bare.address, "https://oapi.dingtalk.com/robot/send?access_token=t");
    }

    #[test]
    fn feishu_carries_it_in_the_body_and_wecom_has_none() {
        let made = request(RobotKind::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/x", "abc", &line(), Time(1_800_000_000_999)).expect("made");
        assert_eq!((made.body["timestamp"].as_str(), made.body["sign"].as_str()), (Some("1800000000"), Some(FEISHU)));
        assert_eq!(made.body["msg_type"], "text");
        let made = request(RobotKind::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "ignored", &line(), Time(1)).expect("made");
        assert_eq!(made.body["msgtype"], "markdown");
        assert!(made.body.get("sign").is_none());
    }

    #[test]
    fn answers_are_understood() {
        assert_eq!(taken(RobotKind::Wecom, 200, r#"{"errcode":0,"errmsg":"ok"}"#), Ok(()));
        assert_eq!(taken(RobotKind::Feishu, 200, r#"{"StatusCode":0,"StatusMessage":"success"}"#), Ok(()));
        assert_eq!(taken(RobotKind::Wecom, 200, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#), Err("HTTP 200 45009 api freq out of limit".into()));
        assert_eq!(taken(RobotKind::Dingtalk, 502, "<html>"), Err("HTTP 502".into()));
        assert!(taken(RobotKind::Feishu, 200, "{}").is_err(), "an answer without a verdict is none");
    }
}
